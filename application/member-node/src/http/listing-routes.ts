import { memberOperations, signedAs } from '@lianyi/client';
import {
  checkIntroducer,
  checkIntroduction,
  DomainError,
  type Introduction,
  instantOf,
  newRequest,
  type PseudonymEntry,
  transactions,
} from '@lianyi/domain';
import { type Admission } from '../admission/admission';
import { type NodeIdentity, type StaffGate } from '../check-caller';
import { type LedgerReader } from '../ledger-reader';
import { type PeerHeights } from '../peer-heights';
import { type Introductions } from '../services/introductions';
import { serve } from './operation-routes';
import { type NodeServer } from './server';

export interface ListingServices {
  readonly identity: NodeIdentity;
  readonly staff: Pick<StaffGate, 'assertStaff'>;
  readonly heights: Pick<PeerHeights, 'all'>;
  readonly introductions: Pick<Introductions, 'note' | 'of'>;
  readonly reader: Pick<LedgerReader, 'relationship'>;
  readonly admission: Pick<Admission, 'carry'>;
}

/** What staff who list what they may ask for want to know besides, of which the ledger says nothing. */
export function addListingRoutes(server: NodeServer, services: ListingServices): void {
  const { AskHeights, Introduce, ListIntroduced } = memberOperations;
  const { identity, staff, heights, introductions, reader } = services;
  serve(server, AskHeights, async ({ body: { proof }, signedInput, request: { ip } }) => {
    await staff.assertStaff(signedAs(AskHeights), signedInput, proof, AskHeights.callers.roles, ip);
    return { body: { peers: await heights.all() } };
  });
  serve(server, Introduce, async ({ body: introduction, request: { ip } }) => {
    const { statement } = introduction;
    const otherMspId = await introducedBy(services, introduction, ip);
    const isNews = await introductions.note(statement, otherMspId);
    if (!isNews) throw new DomainError('TIME_SKEW', 'something later was said of the same two', { field: 'issuedAt' });
    return { body: { act: statement.act } };
  });
  serve(server, ListIntroduced, async ({ body, signedInput, request: { ip } }) => {
    const { pseudonym } = body.input;
    await staff.assertStaff(signedAs(ListIntroduced), signedInput, body.proof, ListIntroduced.callers.roles, ip);
    const relationship = await reader.relationship(pseudonym, identity.mspId);
    // a pseudonym that nobody has, or that is another hospital's, answers as one that was never introduced
    return { body: { introduced: relationship?.state === 'active' ? await introductions.of(pseudonym) : [] } };
  });
}

/**
 * Checks an introduction; the own peer is asked for nothing but the announced keys, and nothing is committed.
 * @returns the hospital of the other pseudonym; undefined for a withdrawal
 */
async function introducedBy(
  { identity, admission }: Pick<ListingServices, 'identity' | 'admission'>,
  introduction: Introduction,
  ip: string,
): Promise<PseudonymEntry['mspId'] | undefined> {
  const { statement, signatures } = introduction;
  checkIntroduction(introduction, { ...identity, now: instantOf(Date.now()) });
  const entries: PseudonymEntry[] = [];
  for (const signed of signatures) {
    const { result } = await admission.carry(newRequest(transactions.GetPseudonym, { pseudonym: signed.pseudonym }), ip);
    checkIntroducer(signed, result);
    entries.push(result);
  }
  if (statement.act === 'withdraw') return undefined;
  const [own, other] = statement.pseudonyms.map((pseudonym) => entries.find((entry) => entry.pseudonym === pseudonym));
  if (own?.mspId !== identity.mspId || other === undefined || other.mspId === identity.mspId)
    throw new DomainError('PROOF_MISMATCH', 'one pseudonym of this hospital, and one of another', { field: 'pseudonyms' });
  return other.mspId;
}
