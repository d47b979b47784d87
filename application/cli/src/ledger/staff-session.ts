import { type RequestToSign, signStaffRequest, type StaffSigner } from '@lianyi/client';
import { loadKeyFile, type MemberNodeClient } from '@lianyi/client/node';
import { actorTagSchema, instantOf, mspIdSchema, qualifiedName, type StaffProof } from '@lianyi/domain';
import { type StaffProfile } from '../profiles/profile';
import { type NodeCarrier } from './carrier';
import { networkOf } from './network-identity';
import { type LedgerRequest, type LedgerSession } from './session';

/** A staff member signs each request; the own member node carries it and cannot change a byte. */
export class StaffSession implements LedgerSession {
  private constructor(
    private readonly carrier: NodeCarrier,
    private readonly signer: StaffSigner,
    private readonly now: () => Date,
  ) {}

  static async open(profile: StaffProfile, carrier: NodeCarrier, now: () => Date): Promise<StaffSession> {
    const privateKey = await loadKeyFile(profile.keyFile);
    const signer = {
      network: networkOf(profile),
      mspId: mspIdSchema.parse(profile.mspId),
      actorTag: actorTagSchema.parse(profile.actorTag),
      privateKey,
    };
    return new StaffSession(carrier, signer, now);
  }

  get url(): string {
    return this.carrier.url;
  }

  /** For what the node does by itself: documents. */
  get node(): MemberNodeClient {
    return this.carrier.client;
  }

  /** Signs any request to the own organisation, also those the node answers by itself. */
  sign(request: RequestToSign): StaffProof {
    return signStaffRequest(this.signer, request, instantOf(this.now().getTime()));
  }

  show({ entry, input, transient }: LedgerRequest): ReturnType<LedgerSession['show']> {
    return Promise.resolve({
      to: this.carrier.url,
      transaction: qualifiedName(entry),
      kind: entry.kind,
      input,
      proof: this.sign({ transaction: entry, input }),
      ...(transient === undefined ? {} : { transient: 'present' as const }),
    });
  }

  send(request: LedgerRequest): ReturnType<LedgerSession['send']> {
    return this.carrier.carry(request, this.sign({ transaction: request.entry, input: request.input }));
  }

  close(): void {
    this.carrier.close();
  }
}
