// The document.

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>
        <header>
          <a href="/">Todos</a>
        </header>
        <main>{children}</main>
      </body>
    </html>
  );
}
