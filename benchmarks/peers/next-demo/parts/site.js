// The frame of every page: the navigation, and the footer. `current` is the path of the page.

const SECTIONS = [
  ["/airports", "Airports"],
  ["/airlines", "Airlines"],
  ["/flights", "Days"],
  ["/about", "About"],
  ["/desk", "Desk"],
];

export function Site({ current, children }) {
  const isCurrent = (path) => (path === current ? "page" : undefined);
  return (
    <>
      <a className="skip" href="#main">Skip to the content</a>
      <header className="site">
        <nav className="sections" aria-label="Site">
          <a className="home" href="/" aria-current={isCurrent("/")}>
            <svg aria-hidden="true" viewBox="0 0 32 32" width="28" height="28">
              <rect className="sign" width="32" height="32" rx="8" />
              <path className="bars" d="M6 23h4v-6H6zm8 0h4V9h-4zm8 0h4v-9h-4z" />
            </svg>
            <span>NYC 2013</span>
          </a>
          <ul>
            {SECTIONS.map(([path, name]) => (
              <li key={path}>
                <a href={path} aria-current={isCurrent(path)}>{name}</a>
              </li>
            ))}
          </ul>
        </nav>
      </header>
      <main id="main">{children}</main>
      <footer className="foot">
        <p>
          {"Data: "}
          <a href="https://github.com/tidyverse/nycflights13">nycflights13</a>
          {", from the US Bureau of Transportation Statistics, the FAA and others, CC0." +
            " Streamed by Anabranch. "}
          <a href="/about">About this site</a>.
        </p>
      </footer>
    </>
  );
}
