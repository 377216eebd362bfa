// The guide's case by iam-simulate: one simulation decides both sides. Its policies are plain objects, which it validates and
// takes apart at each call: it has no way to parse them beforehand (runUnsafeSimulation, which does not validate, fails in
// 0.1.173 on every request with a resource policy).
import { runSimulation } from '@cloud-copilot/iam-simulate'
import { measure, read, ROLE, STRANGER, USER } from './measure.mjs'

const identity = JSON.parse(read('identity.json'))
const trust = JSON.parse(read('trust.json'))
const simulation = user => ({
  request: {
    principal: user,
    action: 'sts:AssumeRole',
    resource: { resource: ROLE, accountId: '222222222222' },
    contextVariables: {
      'aws:SourceIp': '10.0.0.4',
      'aws:CurrentTime': '2026-06-15T12:00:00Z',
      'sts:RoleSessionName': 'dev-session',
      'aws:PrincipalArn': user,
      'aws:PrincipalAccount': '111111111111'
    }
  },
  identityPolicies: [{ name: 'user', policy: identity }],
  serviceControlPolicies: [],
  resourceControlPolicies: [],
  resourcePolicy: trust
})
const allows = async request => {
  const answer = await runSimulation(request, {})
  if (answer.resultType === 'error') throw new Error(JSON.stringify(answer.errors))
  return answer.overallResult === 'Allowed'
}
if (await allows(simulation(STRANGER))) throw new Error('a stranger was allowed')

const prepared = simulation(USER)
await measure('iam-simulate', 'decide', () => allows(prepared))
