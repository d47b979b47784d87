// The key of an application at the FHIR facade, and what it signs to get a token (SMART Backend Services), with nothing but Node.
//   node smart-key.mjs new CLIENT              writes CLIENT.pem (the application's, mode 0600) and CLIENT.jwks.json (for fhir.json)
//   node smart-key.mjs assertion CLIENT URL    prints an assertion, good once and for two minutes, for the token address
import { createPrivateKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const [, , verb, client, audience] = process.argv;
if (!client || !['new', 'assertion'].includes(verb) || (verb === 'assertion') !== (audience !== undefined)) {
  console.error('usage: smart-key.mjs new CLIENT | assertion CLIENT TOKEN_URL');
  process.exit(2);
}

if (verb === 'new') {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  writeFileSync(`${client}.pem`, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'ES384', use: 'sig' };
  writeFileSync(`${client}.jwks.json`, `${JSON.stringify({ keys: [jwk] }, null, 2)}\n`);
} else {
  const key = createPrivateKey(readFileSync(`${client}.pem`));
  const claims = { iss: client, sub: client, aud: audience, exp: Math.floor(Date.now() / 1000) + 120, jti: randomUUID() };
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'ES384', kid: 'k1', typ: 'JWT' })}.${part(claims)}`;
  console.log(`${text}.${sign('sha384', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`);
}
