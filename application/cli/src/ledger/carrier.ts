import { readFile } from 'node:fs/promises';
import { MemberNodeClient } from '@lianyi/client/node';
import { DomainError, type Proof } from '@lianyi/domain';
import { type PatientProfile, type StaffProfile } from '../profiles/profile';
import { type LedgerAnswer, type LedgerRequest } from './session';

/** A member node as the bearer of signed requests. */
export interface Carrier {
  readonly url: string;
  carry(request: LedgerRequest, proof?: Proof): Promise<LedgerAnswer>;
  close(): void;
}

/** The member node of a profile. */
export class NodeCarrier implements Carrier {
  private constructor(
    readonly url: string,
    readonly client: MemberNodeClient,
  ) {}

  /** @throws DomainError `KEY_FILE_UNUSABLE` — the TLS authority's certificate cannot be read. */
  static async connect({ nodeUrl, tlsCaFile }: Pick<StaffProfile | PatientProfile, 'nodeUrl' | 'tlsCaFile'>): Promise<NodeCarrier> {
    const tlsCa = await readFile(tlsCaFile, 'utf8').catch((cause: unknown) => {
      throw new DomainError('KEY_FILE_UNUSABLE', 'the TLS authority’s certificate cannot be read', { path: tlsCaFile }, { cause });
    });
    return new NodeCarrier(nodeUrl, new MemberNodeClient({ url: nodeUrl, tlsCa }));
  }

  async carry({ entry, input, transient }: LedgerRequest, proof?: Proof): Promise<LedgerAnswer> {
    const { result, transactionId, blockNumber } = await this.client.carry(entry, input, {
      ...(proof === undefined ? {} : { proof }),
      // of an entry that is only known at run time the compiler knows no transient value; `checkedRequest` has parsed it
      ...(transient === undefined ? {} : { transient: transient as never }),
    });
    return {
      result,
      ...(transactionId === undefined ? {} : { transactionId }),
      ...(blockNumber === undefined ? {} : { blockNumber: String(blockNumber) }),
    };
  }

  close(): void {
    this.client.close();
  }
}
