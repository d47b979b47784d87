import { type common } from '@lianyi/fabric-protocol';
import { type LedgerState } from '../ledger/state-reader';
import { UpdateBatch } from '../ledger/update-batch';
import { Code } from './code';
import { type EndorsementContext, EndorsementJudge } from './endorsement';
import { checkReads } from './mvcc';
import { readTransaction, type StructureContext, type TransactionReading } from './tx-structure';

interface ValidatedTransaction extends TransactionReading {
  readonly txIndex: number;
}

export interface ValidatedBlock {
  readonly transactions: readonly ValidatedTransaction[];
  readonly codes: readonly Code[];
  readonly batch: UpdateBatch;
  /** Set by a configuration block. */
  readonly config?: common.Config;
}

type ValidationContext = StructureContext & EndorsementContext & { readonly state: LedgerState };

/** Validates the envelopes of a block: structure, signatures and policies of all, then reads in order. */
export function validateBlock(blockNumber: number, envelopes: readonly Buffer[], context: ValidationContext): ValidatedBlock {
  const judge = new EndorsementJudge(context);
  const judged = envelopes.map((envelope) => judgeTransaction(readTransaction(envelope, context), judge));
  const unique = refuseDuplicates(judged);
  const batch = new UpdateBatch();
  let config: common.Config | undefined;
  const transactions = unique.map((reading, txIndex) => {
    const { transaction } = reading;
    if (!transaction) return { ...reading, txIndex };
    if (transaction.kind === 'config') {
      config = transaction.config;
      return { ...reading, txIndex };
    }
    const code = checkReads(transaction.rwSet, batch, context.state);
    if (code !== Code.VALID) return { ...refused(reading, code), txIndex };
    batch.apply(transaction.rwSet, { blockNumber, txIndex }, context.state);
    return { ...reading, txIndex };
  });
  return { transactions, codes: transactions.map(({ code }) => code), batch, ...(config ? { config } : {}) };
}

function refused({ txId, timestampMillis }: TransactionReading, code: Code): TransactionReading {
  return { txId, timestampMillis, code };
}

function judgeTransaction(reading: TransactionReading, judge: EndorsementJudge): TransactionReading {
  if (reading.transaction?.kind !== 'endorser') return reading;
  const code = judge.judge(reading.transaction);
  return code === Code.VALID ? reading : refused(reading, code);
}

/** Of the transactions valid so far, only the first with an id stays so (txvalidator/v20/validator.go markTXIdDuplicates). */
function refuseDuplicates(readings: readonly TransactionReading[]): readonly TransactionReading[] {
  const seen = new Set<string>();
  return readings.map((reading) => {
    if (reading.transaction?.kind !== 'endorser' || reading.txId === '') return reading;
    if (seen.has(reading.txId)) return refused(reading, Code.DUPLICATE_TXID);
    seen.add(reading.txId);
    return reading;
  });
}
