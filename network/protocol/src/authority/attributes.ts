import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { z } from 'zod';

/** Fabric CA's attribute extension (fabric-ca lib/attrmgr/attrmgr.go AttrOID): JSON, not DER. */
const ATTRIBUTES_OID = '1.2.3.4.5.6.7.8.1';
const content = z.object({ attrs: z.record(z.string(), z.string()) });

export type Attributes = Readonly<Record<string, string>>;

export function attributesExtension(attributes: Attributes): x509.Extension {
  return new x509.Extension(ATTRIBUTES_OID, false, Buffer.from(JSON.stringify({ attrs: attributes })));
}

/** What a certificate asserts of its holder; nothing if it has no such extension. Throws if the extension is damaged. */
export function attributesOf(certificatePem: string): Attributes {
  const extension = new x509.X509Certificate(certificatePem).getExtension(ATTRIBUTES_OID);
  return extension ? content.parse(JSON.parse(Buffer.from(extension.value).toString('utf8'))).attrs : {};
}
