// What the scripts for npm's clients share: commands in, answers out, packages from the folder that TT_TEST_NODE_MODULES names.
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { join } from 'node:path'

export const load = createRequire(join(process.env.TT_TEST_NODE_MODULES, 'of-the-tests.js'))

export const [bootstrap, scenario] = process.argv.slice(2)

export const say = answer => process.stdout.write(JSON.stringify(answer, (_, value) => typeof value === 'bigint' ? Number(value) : value) + '\n')

export const encode = bytes => bytes === null || bytes === undefined ? null : Buffer.from(bytes).toString('base64')

export const decode = text => text === null ? null : Buffer.from(text, 'base64')

export const lines = () => createInterface({ input: process.stdin })

/** Answers commands one by one; what the client throws is answered when `refusal` makes something of it. */
export async function serve (handlers, refusal) {
  const handle = handlers[scenario]
  if (!handle) throw new Error(`no scenario ${scenario}`)
  for await (const line of lines()) {
    const command = JSON.parse(line)
    try {
      say(await handle(command) ?? {})
    } catch (error) {
      const answer = refusal(error)
      if (!answer) throw error
      say(answer)
    }
  }
}
