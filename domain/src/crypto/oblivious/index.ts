// `@lianyi/domain/oblivious`: the function that hospitals evaluate together. Programs that only sign and ask do not wait for it to load.
export { type Blinded, blindInput, evaluatePart, finishEvaluation, isPartOf } from './evaluation';
export {
  commitmentsOf,
  isPossession,
  isResharingOf,
  isShareOf,
  type Polynomial,
  polynomialFrom,
  provePossession,
  publicKeyOfFunction,
  publicShareOf,
  resharedPolynomial,
  type Resharing,
  shareFor,
  sumOfShares,
} from './sharing';
