import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSigner, parseCertificate, type Signer } from '@lianyi/fabric-protocol';
import { OperatorError } from '../machine/operator-error';

/**
 * Reads the private key of a certificate from a keystore, whatever its file is called: `priv_sk` by cryptogen, `<hash>_sk` by Fabric CA's own
 * client, which leaves the former key beside the next. Whatever else lies there is passed over.
 * @throws OperatorError `STATE_INCOMPLETE` — none is the certificate's
 */
export function readKeyOf(certificatePem: string, keystore: string): string {
  const key = filesIn(keystore).find((pem) => isKeyOf(certificatePem, pem));
  if (key === undefined)
    throw new OperatorError('STATE_INCOMPLETE', {
      en: `${keystore} holds no private key of the certificate beside it`,
      zh: `${keystore} 中没有与旁边证书匹配的私钥`,
    });
  return key;
}

/** Reads `signcerts/` and `keystore/` of an MSP directory. @throws as {@link readKeyOf}; `STATE_INCOMPLETE` — not one certificate */
export function loadSigner(mspDir: string, mspId: string): Signer {
  const folder = join(mspDir, 'signcerts');
  const [certificate, ...others] = filesIn(folder);
  if (certificate === undefined || others.length > 0)
    throw new OperatorError('STATE_INCOMPLETE', { en: `${folder} must hold exactly one certificate`, zh: `${folder} 中须恰有一份证书` });
  return createSigner(mspId, certificate, readKeyOf(certificate, join(mspDir, 'keystore')));
}

function filesIn(folder: string): readonly string[] {
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'));
  return names.map(({ name }) => readFileSync(join(folder, name), 'utf8'));
}

/** A certificate is what peers take for one: OpenSSL is more lenient. Its message may quote what is no key. */
function isKeyOf(certificatePem: string, pem: string): boolean {
  const certificate = parseCertificate(certificatePem);
  if (certificate === undefined) return false;
  try {
    return createPublicKey(createPrivateKey(pem)).equals(certificate.publicKey);
  } catch {
    return false;
  }
}
