import { z } from 'zod';

/** What is measured: one read and one write of the real chaincode, signed and checked as always. */
export const operations = ['evaluate', 'submit'] as const;
export type Operation = (typeof operations)[number];

/** What the process that makes the load is asked to do; one answer each, in order. */
export const loadRequestSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('connect'),
    mspId: z.string(),
    profile: z.string(),
    administratorMsp: z.string(),
    nodeMsp: z.string(),
    channel: z.string(),
    chaincode: z.string(),
  }),
  z.object({ kind: z.literal('prepare') }),
  z.object({ kind: z.literal('measure'), operation: z.enum(operations), concurrency: z.number(), millis: z.number() }),
]);
export type LoadRequest = z.infer<typeof loadRequestSchema>;
export type ConnectRequest = Extract<LoadRequest, { kind: 'connect' }>;
export type MeasureRequest = Extract<LoadRequest, { kind: 'measure' }>;

export const measuredSchema = z.object({
  elapsedMillis: z.number(),
  /** Of the calls that succeeded. */
  latenciesMillis: z.array(z.number()),
  failures: z.number(),
  /** Of the first failure. */
  failure: z.string().optional(),
});
export type Measured = z.infer<typeof measuredSchema>;

export const loadAnswerSchema = z.object({ kind: z.literal('done'), measured: measuredSchema.optional(), failure: z.string().optional() });
export type LoadAnswer = z.infer<typeof loadAnswerSchema>;
