import { CLOCK_SKEW_MS, DomainError, type Instant, instantOf } from '@lianyi/domain';

/**
 * Takes the proposal's time as the transaction's, if this peer's clock roughly agrees.
 *
 * The client writes the proposal's time, and Fabric before v3.0 believes any (CVE-2024-45244). This is the only place where the
 * chaincode looks at a clock; it can only withhold an endorsement, never change a write set, so peers that disagree here do not fork
 * (ADR 0005).
 * @throws {@link DomainError} `TIME_SKEW` — the two are more than two minutes apart.
 */
export function timeOfTransaction(proposalMilliseconds: number, clockMilliseconds: number): Instant {
  // written so that NaN is refused too
  if (!(Math.abs(proposalMilliseconds - clockMilliseconds) <= CLOCK_SKEW_MS)) {
    throw new DomainError('TIME_SKEW', "the proposal's time is too far from this peer's clock");
  }
  return instantOf(proposalMilliseconds);
}
