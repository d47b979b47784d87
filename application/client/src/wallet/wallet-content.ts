import { z } from 'zod';
import { mspIdSchema, patientProofSchema, pseudonymSchema } from '@lianyi/domain';

/** A command that was signed and whose fate is not known yet; kept whole, so that after a crash it can be sent again. */
const pendingSchema = z.strictObject({
  transaction: z.strictObject({ contract: z.string(), name: z.string() }),
  /** The input as canonical JSON: exactly what was signed. */
  input: z.string(),
  proof: patientProofSchema,
});

const relationshipSchema = z.strictObject({
  pseudonym: pseudonymSchema,
  /** The hospital this pseudonym is for. */
  mspId: mspIdSchema,
  /** The key whose hash the ledger holds as the next one. */
  counter: z.int().min(0),
  pending: pendingSchema.exactOptional(),
});

export const walletContentSchema = z.strictObject({
  /** 32 random bytes; whoever has them is the patient. */
  seed: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  relationships: z.array(relationshipSchema),
});

export type WalletRelationship = z.output<typeof relationshipSchema>;
export type WalletContent = z.output<typeof walletContentSchema>;
