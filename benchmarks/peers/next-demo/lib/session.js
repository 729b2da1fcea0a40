// Whose session a request has: a cookie that the demo signed, and the row that it stands for.

import { createHash, createHmac, timingSafeEqual } from "node:crypto";

import { account, signingKey } from "./queries.js";

/** Characters of a signature, which stands before the value. */
const SIGNATURE = 44;

/** Of the key, the part that signs. */
const SIGNING = 32;

let key;

/** The user of the session that `cookie` stands for, if there is one. */
export async function user(cookie) {
  // It is read once, as the demo does at its start.
  key ??= (await signingKey()).subarray(0, SIGNING);
  const token = cookie && verified(cookie);
  if (!token) return undefined;
  return account(createHash("sha256").update(Buffer.from(token, "base64url")).digest());
}

/** The value of a signed cookie, unless somebody else wrote it. */
function verified(cookie) {
  const [signature, value] = [cookie.slice(0, SIGNATURE), cookie.slice(SIGNATURE)];
  const found = Buffer.from(signature, "base64");
  const expected = createHmac("sha256", key).update(value).digest();
  return found.length === expected.length && timingSafeEqual(found, expected) ? value : undefined;
}
