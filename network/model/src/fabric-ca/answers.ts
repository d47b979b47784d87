import { z } from 'zod';

/** What every endpoint answers with (cfssl api.Response). */
const answerSchema = z.object({
  success: z.boolean(),
  result: z.unknown(),
  errors: z.array(z.object({ code: z.int(), message: z.string() })).nullish(),
});

/** Error codes this client acts upon. @remarks Source: fabric-ca lib/caerrors/servererror.go. */
export const CA_ERROR = { alreadyRegistered: 74, unknownIdentity: 10 } as const;

export interface CaRefusal {
  readonly code: number;
  readonly message: string;
}
type CaAnswer = { readonly result: unknown } | { readonly refusal: CaRefusal };

/** `undefined`: not an answer of a Fabric CA. */
export function parseAnswer(body: string): CaAnswer | undefined {
  const parsed = answerSchema.safeParse(parseJson(body));
  if (!parsed.success) return undefined;
  const { success, result, errors } = parsed.data;
  return success ? { result } : { refusal: errors?.[0] ?? { code: 0, message: 'it gave no reason' } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const base64Pem = z.base64().transform((text) => Buffer.from(text, 'base64').toString('utf8'));

/** lib/serverenroll.go: api.EnrollmentResponseNet. */
export const enrolled = z.object({ Cert: base64Pem }).transform(({ Cert }) => Cert);
/** lib/servergencrl.go: genCRLResponseNet. */
export const revocationList = z.object({ CRL: base64Pem }).transform(({ CRL }) => CRL);
/** lib/serverinfo.go: common.CAInfoResponseNet. */
export const caInfo = z
  .object({ CAName: z.string(), CAChain: base64Pem, Version: z.string() })
  .transform(({ CAName, CAChain, Version }) => ({ name: CAName, chainPem: CAChain, version: Version }));
export type CaInfo = z.infer<typeof caInfo>;
