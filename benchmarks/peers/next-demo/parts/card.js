// The frame of a card: it is part of the shell, its content mostly is not.

export function Card({ id, width = "", title, about, children }) {
  return (
    <section className={`card ${width}`} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <p className="about">{about}</p>
      {children}
    </section>
  );
}
