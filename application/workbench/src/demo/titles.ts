import { type StoryText } from './report';

/** What each step of the story is called, in both languages. */
export const titles = {
  network: {
    en: 'the network is up: three hospitals, a health authority, TLS, certificates',
    zh: '网络启动：三家医院、一个卫生主管机构、TLS 与证书',
  },
  hospitals: {
    en: 'each hospital is on the ledger, its chaincode, vault and key service run',
    zh: '各医院已上链登记，链码、保险库和密钥服务已运行',
  },
  staff: { en: 'staff with roles are registered; their keys stay with them', zh: '登记医护人员及角色；密钥由本人保管' },
  wallet: { en: 'the patient makes a wallet and a random pseudonym', zh: '患者创建钱包和随机假名' },
  register: { en: 'hospital A registers the pseudonym', zh: '甲医院登记该假名' },
  card: { en: 'hospital A issues an e-card', zh: '甲医院发放电子健康卡' },
  activate: { en: 'the patient activates it with a one-time key', zh: '患者用一次性密钥激活' },
  recognise: { en: "hospital B's desk recognises the card by the code that the patient shows", zh: '乙医院窗口凭患者出示的卡码识别该卡' },
  propose: { en: 'hospital A proposes a relationship', zh: '甲医院提出建立医患关系' },
  accept: { en: 'the patient accepts it with the next one-time key', zh: '患者用下一个一次性密钥接受' },
  recover: {
    en: "the patient's wallet is lost; 24 words bring it back through hospital B's node",
    zh: '患者的钱包丢失；凭 24 个词经乙医院节点恢复',
  },
  skipped: { en: 'files of the folder that are no JSON, and are left out', zh: '文件夹中非 JSON 的文件，已略过' },
  publish: {
    en: 'a report is checked, sealed, stored at A, replicated to C, anchored',
    zh: '报告经校验、加密，存于甲医院，复制到丙医院，并在账本登记',
  },
  askUnknown: { en: 'a cardiologist of B asks before anyone allowed it', zh: '乙医院心内科医生在未获授权时申请' },
  grant: { en: "the patient lets B's cardiology read for treatment, for 30 days", zh: '患者允许乙医院心内科在 30 天内为治疗阅读' },
  askAgain: { en: 'the cardiologist asks again', zh: '心内科医生再次申请' },
  read: {
    en: "A's key service saw the committed permit; B opens the document from C's replica",
    zh: '甲医院密钥服务确认已提交的许可；乙医院从丙医院副本打开文档',
  },
  picture: {
    en: 'the cardiologist draws the whole patient out of all that may be read',
    zh: '医生将可阅读的全部内容绘成患者全貌',
  },
  restricted: {
    en: 'the cardiologist asks for a document that is labelled, under the same consent',
    zh: '医生凭同一授权申请一份带限制标记的文档',
  },
  grantNamed: {
    en: 'the patient lets this one doctor read what is labelled too, by naming it',
    zh: '患者写明标记，允许这位医生也阅读带限制标记的文档',
  },
  nurse: { en: 'a nurse of another department of B asks', zh: '乙医院另一科室的护士申请' },
  purpose: { en: 'the cardiologist asks for research instead', zh: '医生改以科研用途申请' },
  tamper: { en: "somebody changed one bit of C's replica", zh: '有人改动了丙医院副本的一个比特' },
  revoke: { en: 'the patient revokes', zh: '患者撤销授权' },
  oldTicket: { en: 'the cardiologist tries the old ticket', zh: '医生尝试旧凭单' },
  askLast: { en: 'the cardiologist asks once more', zh: '医生再次申请' },
  audit: { en: 'the patient looks back: who, when, why, under which rule', zh: '患者查看：谁、何时、为何、依据什么' },
  chain: { en: 'the hash chain of every hospital’s blocks holds and is the same', zh: '各医院的区块哈希链完整且一致' },
} as const satisfies Record<string, StoryText>;

/** Headings between the steps. */
export const chapters = {
  consortium: { en: 'A consortium', zh: '联盟' },
  patient: { en: 'A patient', zh: '患者' },
  records: { en: 'Records', zh: '病历' },
  access: { en: 'No committed permit, no key', zh: '没有已提交的许可，就没有密钥' },
  attacks: { en: 'What does not work', zh: '行不通的事' },
  revocation: { en: 'The patient decides again', zh: '患者改变决定' },
  lookBack: { en: 'Looking back', zh: '回顾' },
} as const satisfies Record<string, StoryText>;
