export { Acts } from './acts';
export { HospitalConsortium } from './consortium';
export { type DataDir } from './data-dir';
export { flags, type Hospital, organizationDir, tlsCaFile } from './hospital';
export { type ConsortiumKind } from './network-process';
export { addPatient, addStaff } from './people';
export { type ReadyProcess, ReadyProcesses } from './ready-process';
export { ReplicaFile } from './replica-files';
export { newRunDir } from './run-dir';
