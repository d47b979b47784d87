import { type AreaSpec, type CommandSpec } from './command-spec';
import { type Text } from './language';

/** A group of commands; its module is loaded when the command line names it, so that no command waits for what another needs. */
export interface CommandArea {
  readonly name: string;
  readonly summary: Text;
  readonly commands: () => Promise<readonly CommandSpec[]>;
}

const ownAreas: readonly CommandArea[] = [
  {
    name: 'profile',
    summary: { en: 'who acts: profiles of this data directory', zh: '身份配置：以谁的身份操作' },
    commands: async () => (await import('./commands/profile-commands.js')).profileCommands,
  },
  {
    name: 'node',
    summary: { en: 'a hospital’s member node', zh: '医院的成员节点' },
    commands: async () => (await import('./commands/node-commands.js')).nodeCommands,
  },
  {
    name: 'fhir',
    summary: { en: 'the FHIR facade for a hospital’s own applications', zh: '供本院应用使用的 FHIR 接口服务' },
    commands: async () => (await import('./commands/fhir-commands.js')).fhirCommands,
  },
  {
    name: 'doctor',
    summary: { en: 'what keeps a program from working with a node', zh: '检查：程序为何无法与节点协同工作' },
    commands: async () => (await import('./commands/doctor-commands.js')).doctorCommands,
  },
  {
    name: 'org',
    summary: { en: 'organisations of the consortium', zh: '联盟机构' },
    commands: async () => (await import('./commands/org-commands.js')).orgCommands,
  },
  {
    name: 'endpoint',
    summary: { en: 'where members’ nodes are reached', zh: '各成员节点的访问地址' },
    commands: async () => (await import('./commands/endpoint-commands.js')).endpointCommands,
  },
  {
    name: 'staff',
    summary: { en: 'staff of the own organisation', zh: '本机构工作人员' },
    commands: async () => (await import('./commands/staff-commands.js')).staffCommands,
  },
  {
    name: 'group',
    summary: { en: 'groups of the own staff, as parties of consents and relationships', zh: '本机构的小组：可作为授权和关系的一方' },
    commands: async () => (await import('./commands/group-commands.js')).groupCommands,
  },
  {
    name: 'wallet',
    summary: { en: 'the patient’s own keys', zh: '患者自己的密钥' },
    commands: async () => (await import('./commands/wallet-commands.js')).walletCommands,
  },
  {
    name: 'patient',
    summary: { en: 'patients at the own hospital', zh: '本院患者' },
    commands: async () => (await import('./commands/patient-commands.js')).patientCommands,
  },
  {
    name: 'identifier',
    summary: { en: 'numbers by which the own hospital knows its patients', zh: '本院识别患者所用的号码' },
    commands: async () => (await import('./commands/identifier-commands.js')).identifierCommands,
  },
  {
    name: 'function-key',
    summary: { en: 'keys that hospitals hold together, to compare numbers', zh: '多家医院共管的密钥，用于比对号码' },
    commands: async () => (await import('./commands/function-key-commands.js')).functionKeyCommands,
  },
  {
    name: 'duplicate',
    summary: { en: 'one person whom two hospitals know', zh: '两家医院的同一患者' },
    commands: async () => (await import('./commands/duplicate-commands.js')).duplicateCommands,
  },
  {
    name: 'card',
    summary: { en: 'e-cards', zh: '电子健康卡' },
    commands: async () => (await import('./commands/card-commands.js')).cardCommands,
  },
  {
    name: 'relationship',
    summary: { en: 'the bond between a patient and a hospital', zh: '患者与医院的关系' },
    commands: async () => (await import('./commands/relationship-commands.js')).relationshipCommands,
  },
  {
    name: 'delegation',
    summary: { en: 'who acts for a patient, in what and until when', zh: '代理：谁代患者办理、范围和期限' },
    commands: async () => (await import('./commands/delegation-commands.js')).delegationCommands,
  },
  {
    name: 'assist',
    summary: { en: 'two of the hospital act for a patient without a device', zh: '两名工作人员为没有设备的患者代办' },
    commands: async () => (await import('./commands/assist-commands.js')).assistCommands,
  },
  {
    name: 'guardian',
    summary: { en: 'who vouches for a patient who has lost everything', zh: '监护人：患者丢失一切时由谁担保' },
    commands: async () => (await import('./commands/guardian-commands.js')).guardianCommands,
  },
  {
    name: 'pin',
    summary: { en: 'coming back by a PIN, a code on paper and the hospitals', zh: 'PIN：凭 PIN、纸上的恢复码和医院恢复钱包' },
    commands: async () => (await import('./commands/pin-commands.js')).pinCommands,
  },
  {
    name: 'recovery',
    summary: { en: 'a new key for a pseudonym whose wallet and phrase are lost', zh: '恢复：钱包和短语均丢失时为假名换新密钥' },
    commands: async () => (await import('./commands/recovery-case-commands.js')).recoveryCaseCommands,
  },
  {
    name: 'capacity',
    summary: { en: 'that a patient cannot decide (clinicians of two hospitals)', zh: '行为能力：患者无法自行决定（两家医院的医师）' },
    commands: async () => (await import('./commands/capacity-commands.js')).capacityCommands,
  },
  {
    name: 'death',
    summary: { en: 'that a patient has died (registrars of two hospitals)', zh: '死亡登记（两家医院的登记员）' },
    commands: async () => (await import('./commands/capacity-commands.js')).deathCommands,
  },
  {
    name: 'record',
    summary: { en: 'publish records and look at their ledger entries', zh: '发布病历，查看其账本条目' },
    commands: async () => (await import('./commands/record-commands.js')).recordCommands,
  },
  {
    name: 'archive',
    summary: { en: 'everything of a patient in one file, proved offline', zh: '归档：患者的全部内容，可离线核对' },
    commands: async () => (await import('./commands/archive-commands.js')).archiveCommands,
  },
  {
    name: 'correction',
    summary: { en: 'that a record is corrected, and what was answered', zh: '更正病历：申请、答复与异议' },
    commands: async () => (await import('./commands/correction-commands.js')).correctionCommands,
  },
  {
    name: 'prescription',
    summary: { en: 'what of a prescription is dispensed, anywhere and once', zh: '处方流转：任一药房配药，且仅一次' },
    commands: async () => (await import('./commands/prescription-commands.js')).prescriptionCommands,
  },
  {
    name: 'referral',
    summary: { en: 'referring a patient to another hospital, and back', zh: '转诊：上转、下转与返回' },
    commands: async () => (await import('./commands/referral-commands.js')).referralCommands,
  },
  {
    name: 'recognition',
    summary: { en: 'results of other hospitals instead of new examinations', zh: '检查检验结果互认' },
    commands: async () => (await import('./commands/recognition-commands.js')).recognitionCommands,
  },
  {
    name: 'hl7',
    summary: { en: 'HL7 v2 messages of the hospital’s own systems', zh: '本院业务系统的 HL7 v2 消息' },
    commands: async () => (await import('./commands/hl7-commands.js')).hl7Commands,
  },
  {
    name: 'hold',
    summary: { en: 'that nothing of a patient’s is purged (privacy officers)', zh: '数据保全：不得清除某患者的数据（隐私专员）' },
    commands: async () => (await import('./commands/hold-commands.js')).holdCommands,
  },
  {
    name: 'device',
    summary: { en: 'devices that author records', zh: '生成病历数据的设备' },
    commands: async () => (await import('./commands/device-commands.js')).deviceCommands,
  },
  {
    name: 'template',
    summary: { en: 'what custodians may be asked by pointers', zh: '查询模板：可通过指针向保管机构查询的内容' },
    commands: async () => (await import('./commands/template-commands.js')).templateCommands,
  },
  {
    name: 'approval',
    summary: { en: 'what a hospital approves beside its patient', zh: '批准：医院在患者授权之外的批准' },
    commands: async () => (await import('./commands/approval-commands.js')).approvalCommands,
  },
  {
    name: 'governance',
    summary: { en: 'what members decide together about access', zh: '治理：成员共同决定的访问参数' },
    commands: async () => (await import('./commands/governance-commands.js')).governanceCommands,
  },
  {
    name: 'pointer',
    summary: { en: 'data that stay with their custodian, and are asked for', zh: '指针：留在保管机构、按需查询的数据' },
    commands: async () => (await import('./commands/pointer-commands.js')).pointerCommands,
  },
  {
    name: 'consent',
    summary: { en: 'who may read what, for what, until when (patient)', zh: '授权：谁可读什么、何用途、到何时（患者）' },
    commands: async () => (await import('./commands/consent-commands.js')).consentCommands,
  },
  {
    name: 'access',
    summary: { en: 'ask to read, and read (clinician)', zh: '申请并阅读病历（临床人员）' },
    commands: async () => (await import('./commands/access-commands.js')).accessCommands,
  },
  {
    name: 'copies',
    summary: { en: 'who has copies of what was read, and what became of them', zh: '副本：谁持有已读病历的副本，去向如何' },
    commands: async () => (await import('./commands/copies-commands.js')).copiesCommands,
  },
  {
    name: 'emergency',
    summary: { en: 'what was opened in emergencies, and what may be', zh: '急诊访问：已打开的内容、复核，以及可打开的范围' },
    commands: async () => (await import('./commands/emergency-commands.js')).emergencyCommands,
  },
  {
    name: 'audit',
    summary: { en: 'look back: what happened, and whether the chain holds', zh: '审计：发生过什么，链是否完整' },
    commands: async () => (await import('./commands/audit-commands.js')).auditCommands,
  },
  {
    name: 'ledger',
    summary: { en: 'the ledger itself', zh: '账本本身' },
    commands: async () => (await import('./commands/ledger-commands.js')).ledgerCommands,
  },
  {
    name: 'tx',
    summary: { en: 'any transaction of the catalogue by name', zh: '按名称执行目录中的任一交易' },
    commands: async () => (await import('./commands/tx-command.js')).txCommands,
  },
  {
    name: 'errors',
    summary: { en: 'explain a code: meaning and remedy', zh: '解释代码的含义和处理办法' },
    commands: async () => (await import('./commands/errors-command.js')).errorsCommands,
  },
];

/** Every area of the command line, in the order of the help: set up, patients, records, consent and access, looking back. */
export const commandAreas: readonly CommandArea[] = [
  ...ownAreas,
  {
    name: 'completion',
    summary: { en: 'completion for bash and zsh', zh: 'bash 与 zsh 的命令补全' },
    commands: async () => (await import('./commands/completion-command.js')).completionCommands(everyArea),
  },
];

async function everyArea(): Promise<readonly AreaSpec[]> {
  return Promise.all(
    commandAreas.map(async ({ name, summary, commands }) => ({ name, summary, commands: name === 'completion' ? [] : await commands() })),
  );
}
