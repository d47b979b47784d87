export { Acts, type AccessRequest, type AuditLine, type Committed, type Decided, type Opened } from './acts';
export { CommandFailed, CommandLine, refusalCode, type CommandResult } from './command-line';
export { Consortium, type ConsortiumOptions } from './consortium';
export { type DataDir } from './data-dir';
export {
  flags,
  organizationDir,
  registerEndpoints,
  startNode,
  tlsCaFile,
  type Hospital,
  type Member,
  type WorkbenchContext,
} from './hospital';
export { type NetworkKind, type NetworkReady } from './network-process';
export { addPatient, addStaff, type StaffRole } from './people';
export { ReadyProcesses, StartFailure, type ReadyProcess } from './ready-process';
export { newRunDir } from './run-dir';
export { ReplicaFile } from './replica-files';
