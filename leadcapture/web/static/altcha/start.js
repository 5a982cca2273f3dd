// ALTCHA's widget (3.2.2 from npm, MIT: LICENSE.txt) as its "external" build, so that no page needs inline scripts.
import "./altcha.min.js";

for (const hash of ["SHA-256", "SHA-384", "SHA-512"]) {
  $altcha.algorithms.set(`PBKDF2/${hash}`, () => new Worker(new URL("pbkdf2.js", import.meta.url)));
}
