import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { DomainError } from '@lianyi/domain';
import { type Cause, certificatesInPem, fileCauseOf, pemCauseOf } from '@lianyi/domain/errors';

/**
 * Reads the PEM of one or more certificates, such as the TLS authority by which a member node is recognised.
 * @param field - where the file was named, for who must correct it
 * @throws {@link DomainError} `CERTIFICATE_UNUSABLE` — details: file, field, cause
 */
export async function loadCertificateFile(file: string, field: string): Promise<string> {
  const unusable = (cause: Cause, seen?: string, error?: unknown): DomainError =>
    new DomainError('CERTIFICATE_UNUSABLE', undefined, { file, field, cause, ...(seen === undefined ? {} : { seen }) }, { cause: error });
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw unusable(fileCauseOf(error), undefined, error);
  });
  const fault = pemCauseOf(text, 'certificate');
  if (fault !== undefined) throw unusable(fault.cause, fault.seen);
  const found = certificatesInPem(text);
  // OpenSSL's message may quote the input, so it is not kept
  if (found.length === 0 || !found.every(isCertificate)) throw unusable('certificate-damaged');
  return text;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
