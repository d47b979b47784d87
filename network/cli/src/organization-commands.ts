import { addOrganization, removeOrganization } from '@lianyi/network-administration';
import { OperatorError, type Organization, organizationSchema } from '@lianyi/network-model';
import { networkOptions, ORGANIZATION_TEXT, withNetwork } from './on-network';
import { switchOption, repeated, required } from './option';
import { verb, type VerbSpec } from './verb-spec';

const signedBy = repeated('--signed-by <organization>', {
  en: 'whose administrators sign; as many as the channel needs, if absent; may be repeated',
  zh: '由哪些组织的管理员签名；省略则按通道所需；可重复',
});

const despiteLostEndorsement = switchOption('--despite-lost-endorsement', {
  en: 'also where too few of the working members could endorse afterwards, so that writes fail',
  zh: '即使此后在运行的成员不足以背书、写入会失败，也照样进行',
});

/** Told by the progress, as it happens. */
const MEMBERSHIP_TOLD = ['update', 'ordering', 'open'];

/** `addOrg` and `removeOrg`. */
export const organizationVerbs = (defaultDir: string): readonly VerbSpec[] => [addOrg(defaultDir), removeOrg(defaultDir)];

function addOrg(defaultDir: string): VerbSpec {
  return verb({
    name: 'addOrg',
    summary: { en: 'take a new organisation with a peer into the running consortium', zh: '让一个带 peer 节点的新组织加入运行中的联盟' },
    options: {
      mspId: required('--msp-id <id>', { en: 'e.g. HospitalDMSP', zh: '如 HospitalDMSP' }),
      name: required('--name <name>', { en: 'e.g. hospital-d', zh: '如 hospital-d' }),
      domain: required('--domain <domain>', { en: 'DNS domain of its nodes and users', zh: '其节点和用户的 DNS 域名' }),
      user: repeated('--user <name>', {
        en: 'a signing user beside Admin, User1 and node; may be repeated',
        zh: '除 Admin、User1 和 node 外的签名用户；可重复',
      }),
      orderer: switchOption('--orderer', {
        en: 'with an orderer, too, that takes part in ordering the channels it is a member of',
        zh: '同时带一个排序节点，参与其所在通道的排序',
      }),
      signedBy,
      despiteLostEndorsement,
      ...networkOptions(defaultDir),
    },
    action: ({ signedBy: signers, despiteLostEndorsement: despite, ...input }, call) => {
      const joining = { newcomer: newOrganization(input), signedBy: signers, despiteLostEndorsement: despite };
      return withNetwork(input, call, (session, progress) => addOrganization(session, joining, progress), MEMBERSHIP_TOLD);
    },
  });
}

interface Naming {
  readonly mspId: string;
  readonly name: string;
  readonly domain: string;
  readonly user: readonly string[];
  readonly orderer: boolean;
}

/** @throws {@link OperatorError} `UNKNOWN_NAME` — naming the fields that no consortium definition could have. */
function newOrganization({ mspId, name, domain, user, orderer }: Naming): Organization {
  const parsed = organizationSchema.safeParse({ mspId, name, domain, roles: orderer ? ['peer', 'orderer'] : ['peer'], users: user });
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map((issue) => issue.path.join('.'));
  throw new OperatorError('UNKNOWN_NAME', {
    en: `the organisation cannot be named so: ${fields.join(', ')}`,
    zh: `组织不能这样命名：${fields.join('、')}`,
  });
}

function removeOrg(defaultDir: string): VerbSpec {
  return verb({
    name: 'removeOrg',
    summary: { en: 'take an organisation out of the running consortium', zh: '让一个组织退出运行中的联盟' },
    options: {
      organization: required('--organization <name>', ORGANIZATION_TEXT),
      signedBy,
      despiteLostTolerance: switchOption('--despite-lost-tolerance', {
        en: 'also where the orderers that remain stand still as soon as one of them fails',
        zh: '即使余下的排序节点只要坏一个就会停止，也照样进行',
      }),
      despiteLostEndorsement,
      ...networkOptions(defaultDir),
    },
    action: ({ organization, signedBy: signers, despiteLostTolerance, despiteLostEndorsement: despite, ...input }, call) => {
      const removal = { organization, signedBy: signers, despiteLostTolerance, despiteLostEndorsement: despite };
      return withNetwork(input, call, (session, progress) => removeOrganization(session, removal, progress), MEMBERSHIP_TOLD);
    },
  });
}
