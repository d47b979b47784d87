import { type Attack } from '../attack';
import { unrelatedPatients } from './a7-unrelated-patients';
import { askedByEvaluate } from './a8-asked-by-evaluate';
import { guessedIds } from './a9-guessed-ids';
import { swappedTransaction } from './a12-swapped-transaction';
import { lyingPeer } from './a13-lying-peer';
import { stolenKeys } from './a14-stolen-key';
import { expiredCertificate } from './a15-expired-certificate';
import { replayed } from './a16-replayed';
import { maliciousApp } from './a18-malicious-app';
import { hourToVeto } from './c1-hour-to-veto';
import { h1 } from './h1';
import { consentNobodyGave } from './h2-consent-nobody-gave';
import { staffNobodyHired } from './h2b-staff-nobody-hired';
import { permitNobodyAsked } from './h2c-permit-nobody-asked';
import { labelNobodyLowered } from './h2d-label-nobody-lowered';
import { writtenOverMeanwhile } from './h2e-written-over-meanwhile';
import { purgeByNobody } from './h2f-purge-by-nobody';
import { auditOfOthers } from './l1-audit-of-others';
import { unsignedChain } from './l2-unsigned-chain';
import { copiedAnchor } from './l3-copied-anchor';
import { joinedPseudonyms } from './l4-joined-pseudonyms';
import { untrueAnswers } from './l5-untrue-answers';
import { l6Wallet } from './l6-wallet';
import { anyCertificateCarries } from './l7-any-certificate-carries';
import { oneObjectForTwo } from './l8-one-object-for-two';
import { m1 } from './m1';
import { selfMadeKeys } from './m10-self-made-keys';
import { stuckPreparation } from './m11-stuck-preparation';
import { tracesOfTheErased } from './m12-traces-of-the-erased';
import { oneRegistrarEndsAccess } from './m13-one-registrar-ends-access';
import { m14 } from './m14';
import { forgedBlock } from './m2-forged-block';
import { anybodysWord } from './m3-anybodys-word';
import { lyingNode } from './m4-lying-node';
import { m5 } from './m5';
import { m6 } from './m6';
import { m7 } from './m7';
import { unreadAnswers } from './m8-unread-answers';
import { muteVaults } from './m9-mute-vaults';
import { twoTimes } from './r11-1-two-times';
import { fewerAreEnough } from './r11-2-fewer-are-enough';
import { filledEnvelope } from './r2-1-filled-envelope';
import { takenPlaces } from './r2-3-taken-places';
import { buriedSignatures } from './r2-4-buried-signatures';
import { feignedKeys } from './r4-1-feigned-keys';
import { slotsThatOpen } from './s1-slots-that-open';
import { twoCertificates } from './r4-2-two-certificates';
import { onesOwnName } from './r4-6-ones-own-name';
import { washedProhibition } from './r5-1-washed-prohibition';
import { parentForEver } from './r5-2-parent-for-ever';
import { codeThatAsks } from './r5-3-code-that-asks';
import { keyOfTheDayBefore } from './r4-5-key-of-the-day-before';
import { forgedTemplate } from './r6-1-forged-template';
import { slotsBeforeCommands } from './r5-5-slots-before-commands';
import { commandThatNeverWas } from './r5-6-command-that-never-was';
import { hiddenRecovery } from './r7-2-hidden-recovery';
import { datedAhead } from './r7-3-dated-ahead';
import { datedBack } from './r7-12-dated-back';
import { unreadDefinition } from './r4-3-unread-definition';
import { linkThatTells } from './r4-4-link-that-tells';
import { saidAgain } from './r4-7-said-again';
import { costlyRefusal } from './r4-8-costly-refusal';
import { overwrittenKeys } from './r5-4-overwritten-keys';
import { brokenChain } from './r5-7-broken-chain';
import { askedAboutAnother } from './r6-2-asked-about-another';
import { lineInPlaceOfAnother } from './r6-3-line-in-place-of-another';
import { placesOfThePatient } from './r6-4-places-of-the-patient';
import { slowView } from './r6-5-slow-view';
import { twoCopies } from './r6-6-two-copies';
import { vetoHeldOff } from './r7-1-veto-held-off';
import { rightPinCalledWrong } from './r9-2-right-pin-called-wrong';
import { pinBroughtBack } from './r9-2b-pin-brought-back';
import { placesWithoutACode } from './r9-3-places-without-a-code';
import { keyOfAMajority } from './r9-5-key-of-a-majority';
import { keysWrittenByOthers } from './r9-5b-keys-written-by-others';
import { echoedTag } from './r7-7-echoed-tag';
import { unreadableCase } from './r7-8-unreadable-case';
import { keyOfOthers } from './r7-9-key-of-others';
import { evaluationsWrittenOver } from './r7-10-evaluations-written-over';
import { lateAndUntold } from './r8-1-late-and-untold';
import { entriesOfOthers } from './r9-1-entries-of-others';
import { movedPlace } from './r9-4-moved-place';
import { confirmedByNobodyBelieved } from './r9-6-confirmed-by-nobody';
import { codeOfAnothersDesk } from './r11-3-code-of-anothers-desk';
import { pinOfAnother } from './r11-4-pin-of-another';
import { saidWithoutEnd } from './r11-5-said-without-end';
import { releaseWithoutTheOwn } from './r13-1-release-without-the-own';
import { wrongSize } from './r13-2-wrong-size';
import { publicationOfOthers } from './r13-3-publication-of-others';
import { noteForOthers } from './r13-4-note-for-others';
import { retiredAfterEach } from './r17-2-retired-after-each';
import { patientsBeforeStaff } from './r17-1-patients-before-staff';
import { deviceNobodyAttested } from './d1-device-nobody-attested';
import { revokedDeviceBack } from './d2-revoked-device-back';
import { patientsOwnDevice } from './d3-patients-own-device';
import { answerOfOthers } from './k1-answer-of-others';
import { wordsOfOthers } from './k2-words-of-others';
import { memberNobodyMade } from './g1-member-nobody-made';
import { offsetWrittenOver } from './g2-offset-written-over';
import { turnOfOthers } from './g3-turn-of-others';
import { partyTakenAway } from './g4-party-taken-away';
import { countWrittenBack } from './p1-count-written-back';
import { numbersAnew } from './p2-numbers-anew';
import { copiedShare } from './p3-copied-share';
import { glassBrokenAgain } from './e1-glass-broken-again';
import { dealOfOthers } from './f1-deal-of-others';
import { shareThatFitsNothing } from './f2-share-that-fits-nothing';
import { holdersNobodyAgreedTo } from './f3-holders-nobody-agreed-to';
import { questionOfNobody } from './f4-question-of-nobody';
import { useTooMany } from './u1-use-too-many';

/** Every attack, in the order of their ids. */
export const attacks: readonly Attack[] = [
  h1,
  consentNobodyGave,
  staffNobodyHired,
  permitNobodyAsked,
  labelNobodyLowered,
  writtenOverMeanwhile,
  purgeByNobody,
  m1,
  forgedBlock,
  anybodysWord,
  lyingNode,
  m5,
  m6,
  m7,
  unreadAnswers,
  muteVaults,
  selfMadeKeys,
  stuckPreparation,
  wrongSize,
  publicationOfOthers,
  tracesOfTheErased,
  oneRegistrarEndsAccess,
  m14,
  auditOfOthers,
  unsignedChain,
  copiedAnchor,
  joinedPseudonyms,
  untrueAnswers,
  l6Wallet,
  anyCertificateCarries,
  oneObjectForTwo,
  filledEnvelope,
  takenPlaces,
  buriedSignatures,
  feignedKeys,
  twoCertificates,
  unreadDefinition,
  linkThatTells,
  keyOfTheDayBefore,
  onesOwnName,
  saidAgain,
  costlyRefusal,
  washedProhibition,
  parentForEver,
  codeThatAsks,
  overwrittenKeys,
  slotsBeforeCommands,
  commandThatNeverWas,
  brokenChain,
  forgedTemplate,
  askedAboutAnother,
  lineInPlaceOfAnother,
  placesOfThePatient,
  slowView,
  twoCopies,
  vetoHeldOff,
  hiddenRecovery,
  datedAhead,
  echoedTag,
  unreadableCase,
  keyOfOthers,
  evaluationsWrittenOver,
  datedBack,
  lateAndUntold,
  entriesOfOthers,
  movedPlace,
  confirmedByNobodyBelieved,
  hourToVeto,
  rightPinCalledWrong,
  pinBroughtBack,
  placesWithoutACode,
  keyOfAMajority,
  keysWrittenByOthers,
  codeOfAnothersDesk,
  pinOfAnother,
  saidWithoutEnd,
  releaseWithoutTheOwn,
  noteForOthers,
  retiredAfterEach,
  patientsBeforeStaff,
  twoTimes,
  fewerAreEnough,
  slotsThatOpen,
  deviceNobodyAttested,
  revokedDeviceBack,
  patientsOwnDevice,
  answerOfOthers,
  wordsOfOthers,
  memberNobodyMade,
  offsetWrittenOver,
  turnOfOthers,
  partyTakenAway,
  countWrittenBack,
  numbersAnew,
  copiedShare,
  glassBrokenAgain,
  dealOfOthers,
  shareThatFitsNothing,
  holdersNobodyAgreedTo,
  questionOfNobody,
  useTooMany,
  unrelatedPatients,
  askedByEvaluate,
  guessedIds,
  swappedTransaction,
  lyingPeer,
  stolenKeys,
  expiredCertificate,
  replayed,
  maliciousApp,
];
