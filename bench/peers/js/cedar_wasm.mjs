// The guide's case by Cedar as WebAssembly: one decision for each side, policies parsed beforehand.
import { createRequire } from 'node:module'
import { measure, read, ROLE, STRANGER, USER } from './measure.mjs'

const cedar = createRequire(import.meta.url)('@cedar-policy/cedar-wasm/nodejs')

for (const side of ['identity', 'trust']) {
  const parsed = cedar.preparsePolicySet(side, { staticPolicies: read(`${side}.cedar`) })
  if (parsed.type !== 'success') throw new Error(JSON.stringify(parsed))
}
const entities = [
  { uid: { type: 'User', id: USER }, attrs: {}, parents: [{ type: 'Account', id: '111111111111' }] },
  { uid: { type: 'Role', id: ROLE }, attrs: {}, parents: [{ type: 'Account', id: '222222222222' }] }
]
const call = (side, user) => ({
  principal: { type: 'User', id: user },
  action: { type: 'Action', id: 'sts:AssumeRole' },
  resource: { type: 'Role', id: ROLE },
  context: {
    sourceIp: '10.0.0.4',
    currentTime: '2026-06-15T12:00:00Z',
    roleSessionName: 'dev-session',
    principalArn: user,
    principalAccount: '111111111111'
  },
  preparsedPolicySetId: side,
  entities
})
const allows = request => {
  const answer = cedar.statefulIsAuthorized(request)
  if (answer.type !== 'success') throw new Error(JSON.stringify(answer))
  return answer.response.decision === 'allow'
}
const both = calls => calls.every(allows)
if (both([call('identity', STRANGER), call('trust', STRANGER)])) throw new Error('a stranger was allowed')

const prepared = [call('identity', USER), call('trust', USER)]
await measure('Cedar, WebAssembly', 'decide', () => both(prepared))
