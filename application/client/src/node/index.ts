export { loadCertificateFile } from './certificate-file';
export { forgetCorrectionTexts, keepCorrectionText, keptCorrectionTexts } from './correction-file';
export { asStorageFault, hasCode, syncDirectory, writeDurably } from './durable-write';
export { type Answer, exchange, type Exchange } from './https-exchange';
export { connectMemberNode, httpsTransport } from './https-transport';
export { guessFile } from './guess-file';
export { createKeyFile, loadKeyFile, readOwnerOnly } from './key-file';
export {
  type AdministratorProfile,
  type PatientProfile,
  type Profile,
  type ProfileInput,
  type ProfileKind,
  profileName,
  profileSchema,
  type StaffProfile,
} from './profiles/profile';
export { listProfileFiles, type LoadedProfile, loadProfile, profileFile, saveProfile } from './profiles/profile-file';
export { ProfileProblem } from './profiles/profile-problem';
export { newPaperCode, tokenOfPaperCode } from './paper-code';
export { readPassphrase } from './passphrase';
export { recoveryWarning, type RecoveryWarning } from './followed-recovery';
export { connectNode, connectWitness, networkOf, type NodeAddress } from './member-connection';
export { type AskedLedger, askForWallet, type Carriage, openPatient, type PatientSession, type Told } from './patient-session';
export { type BrokenGlass, forgetGlass, forgetOldGlass, keepGlass, keptGlass } from './glass-file';
export { openStaff, type StaffSession } from './staff-session';
export { createTicketKey, forgetTicketKey, loadTicketKey, noteRead, ticketFolder, type TicketKey } from './ticket-key-file';
export { FileKeys } from './sealed-file';
export { createWallet, openWallet, restoreWallet } from './wallet-file';
