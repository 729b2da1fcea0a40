// The document. Every request renders anew, as the demo does.

import "./style.css";

export const dynamic = "force-dynamic";

export const metadata = {
  title: "A year of flights from New York",
  description: "Every departure from New York’s three airports in 2013.",
  icons: "/icon.svg",
};

export const viewport = { colorScheme: "light dark" };

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
