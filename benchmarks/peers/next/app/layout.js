// The document. Every request renders anew, as every other server here does.

export const dynamic = "force-dynamic";

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
