// The todos, the same as those of the other apps.

export const TODOS = Array.from({ length: 20 }, (_, i) => ({
  id: i + 1,
  title: `Todo ${i + 1}: bread & <butter>, "twice"`,
  done: (i + 1) % 3 === 0,
}));
