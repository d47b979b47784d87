import { rmSync } from 'node:fs';
import { z } from 'zod';
import { confidentialitySchema, dataLevelSchema } from '@lianyi/domain';
import { type CommandLine, type CommandResult, refusalCode } from './command-line';
import { flags } from './hospital';

/** Where a transaction stands in the chain. */
export type Committed = { readonly transactionId: string; readonly blockNumber: number };

const committedSchema = z.object({ transactionId: z.string(), blockNumber: z.coerce.number() });
const publishedSchema = committedSchema.extend({ result: z.object({ recordId: z.string(), version: z.number() }) });
const cardSchema = committedSchema.extend({ result: z.object({ cardId: z.string() }) });
const policySchema = committedSchema.extend({ result: z.object({ version: z.number() }) });
const decisionSchema = committedSchema.extend({
  result: z.object({
    ticketId: z.string(),
    decision: z.enum(['permit', 'deny']),
    reasons: z.array(z.string()),
    provisionIds: z.array(z.string()),
    expiresAt: z.string().optional(),
  }),
});
const openedSchema = z.object({
  recordId: z.string(),
  sizeBytes: z.number(),
  file: z.string(),
  source: z.object({ mspId: z.string(), endpointId: z.string() }),
  rejected: z.array(z.object({ mspId: z.string(), endpointId: z.string(), code: z.string() })),
  releaseTransactionId: z.string().optional(),
});
const pictureSchema = z.object({
  file: z.string(),
  records: z.number(),
  facts: z.number(),
  contradictions: z.number(),
  leftOut: z.array(z.object({ recordId: z.string(), code: z.string() })),
  transactionIds: z.array(z.string()),
});
const recordSchema = z.object({
  result: z.object({
    class: z.string(),
    dataLevel: dataLevelSchema,
    confidentiality: confidentialitySchema,
    cipherSha256: z.string(),
    locators: z.array(z.object({ mspId: z.string(), endpointId: z.string() })),
  }),
});
const auditSchema = z.object({
  result: z.object({
    items: z.array(
      z.object({
        at: z.string(),
        event: z.string(),
        txId: z.string(),
        actor: z.object({ kind: z.string(), mspId: z.string().optional(), actorTag: z.string().optional() }),
        decision: z.string().optional(),
        purpose: z.string().optional(),
        ticketId: z.string().optional(),
        reasons: z.array(z.string()).optional(),
        provisionIds: z.array(z.string()).optional(),
      }),
    ),
    next: z.string().optional(),
    unreadable: z.number().optional(),
  }),
});
const saidByOwnersSchema = z.object({ everyConsentIsSigned: z.boolean(), everyEntryIsItsOwners: z.boolean(), permits: z.number() });
type SaidByOwners = z.output<typeof saidByOwnersSchema>;
const chainSchema = z.object({
  hashChainHolds: z.literal(true),
  ordererSignaturesHold: z.literal(true),
  blocks: z.number(),
  tipNumber: z.coerce.number(),
  tipHash: z.string(),
});

export type Published = Committed & { readonly recordId: string };
export type AccessAnswer = Committed & z.infer<typeof decisionSchema>['result'];
export type Opened = z.infer<typeof openedSchema>;
export type Picture = z.infer<typeof pictureSchema>;
export type AuditLine = z.infer<typeof auditSchema>['result']['items'][number];
export type ChainTip = z.infer<typeof chainSchema>;

/** What a purpose and a place of asking look like. */
export type AccessRequest = {
  readonly pseudonym: string;
  readonly recordIds: readonly string[];
  readonly purpose: string;
  readonly department?: string;
};

/** The verbs of a patient's story, each one command line. What is refused throws {@link CommandFailed}; {@link attempt} expects it. */
export class Acts {
  constructor(readonly commands: CommandLine) {}

  /** A command whose answer says only where it was committed. */
  act(profile: string, ...args: readonly string[]): Promise<Committed> {
    return this.commands.must(profile, args, committedSchema);
  }

  async publish(profile: string, file: string, pseudonym: string, replicas: readonly string[] = []): Promise<Published> {
    const options = { pseudonym, ...(replicas.length === 0 ? {} : { replicas: replicas.join(',') }) };
    const { result, ...where } = await this.commands.must(profile, ['record', 'publish', ...flags(options), '--', file], publishedSchema);
    return { ...where, recordId: result.recordId };
  }

  async issueCard(profile: string, pseudonym: string): Promise<Committed & { readonly cardId: string }> {
    const { result, ...where } = await this.commands.must(profile, ['card', 'issue', ...flags({ pseudonym })], cardSchema);
    return { ...where, cardId: result.cardId };
  }

  async showRecord(profile: string, pseudonym: string, recordId: string): Promise<z.infer<typeof recordSchema>['result']> {
    return (await this.commands.must(profile, ['record', 'show', ...flags({ pseudonym }), '--', recordId], recordSchema)).result;
  }

  async grant(profile: string, to: string, options: Readonly<Record<string, string>>): Promise<Committed & { readonly version: number }> {
    const { result, ...where } = await this.commands.must(profile, ['consent', 'grant', ...flags({ to, ...options })], policySchema);
    return { ...where, version: result.version };
  }

  revoke(profile: string, to: string, previousVersion: number): Promise<Committed> {
    return this.act(profile, 'consent', 'revoke', ...flags({ to, 'previous-version': String(previousVersion) }));
  }

  /** Asks to read; a denial is an answer (exit code 4), a refusal throws. */
  async request(profile: string, request: AccessRequest): Promise<AccessAnswer> {
    const result = await this.commands.run(profile, requestArguments(request));
    if (result.exitCode !== 0 && result.exitCode !== 4)
      throw new Error(`access request: ${refusalCode(result) ?? `exit ${result.exitCode}`}`);
    const { result: decided, ...where } = decisionSchema.parse(result.json);
    return { ...where, ...decided };
  }

  /** Opens a document of a permitted ticket into a new file. @param more such as `--keep-key`, if the ticket is to be tried once more */
  read(profile: string, ticketId: string, recordId: string, file: string, ...more: readonly string[]): Promise<Opened> {
    rmSync(file, { force: true });
    return this.commands.must(
      profile,
      ['access', 'read', ...more, ...flags({ record: recordId, out: file }), '--', ticketId],
      openedSchema,
    );
  }

  /** Draws what a profile may read of a patient into a new file. */
  picture(profile: string, pseudonym: string, file: string): Promise<Picture> {
    rmSync(file, { force: true });
    return this.commands.must(profile, ['access', 'picture', ...flags({ purpose: 'TREAT', out: file }), '--', pseudonym], pictureSchema);
  }

  /** @throws where lines are none: what the audit does not tell, no story goes by */
  async audit(profile: string): Promise<readonly AuditLine[]> {
    const lines: AuditLine[] = [];
    let after: string | undefined;
    do {
      const page = { limit: '100', ...(after === undefined ? {} : { after }) };
      const { result } = await this.commands.must(profile, ['audit', 'list', ...flags(page)], auditSchema);
      if (result.unreadable !== undefined) throw new Error(`${result.unreadable} lines of the audit of ${profile} are none`);
      lines.push(...result.items);
      after = result.next;
    } while (after !== undefined);
    return lines;
  }

  verifyChain(administrator: string, peerMspId: string): Promise<ChainTip> {
    return this.commands.must(administrator, ['audit', 'verify-chain', '--peer', peerMspId], chainSchema);
  }

  /** Holds what the blocks write against what was signed by whose it is. @throws when anything is otherwise. */
  verifyCommands(administrator: string): Promise<SaidByOwners> {
    return this.commands.must(administrator, ['audit', 'verify-commands'], saidByOwnersSchema);
  }

  /**
   * Tries what must be refused.
   * @returns the refusal's code. @throws when it was not refused.
   */
  async attempt(profile: string, ...args: readonly string[]): Promise<string> {
    return expectRefusal(await this.commands.run(profile, args), args);
  }
}

function requestArguments({ pseudonym, recordIds, purpose, department }: AccessRequest): string[] {
  const options = { pseudonym, records: recordIds.join(','), purpose, ...(department === undefined ? {} : { department }) };
  return ['access', 'request', ...flags(options)];
}

function expectRefusal(result: CommandResult, args: readonly string[]): string {
  const code = refusalCode(result);
  if (code === undefined) throw new Error(`lianyi ${args.join(' ')} had to be refused, and was not (exit ${result.exitCode})`);
  return code;
}
