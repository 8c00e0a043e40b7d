// @platformatic/kafka: see README.md. It consumes in groups only, so even one partition is read as the only member of a group.
import { bootstrap, decode, encode, lines, load, say, scenario, serve } from './session.mjs'

const { Admin, Consumer, ConfigResourceTypes, MessagesStreamFallbackModes, MessagesStreamModes, Producer } = load('@platformatic/kafka')

const settings = { clientId: 'tests', bootstrapBrokers: [bootstrap], autocreateTopics: false, retries: 3, retryDelay: 50 }

async function produce ({ topic, partition = 0, codec = 'none', idempotent = false, acks = -1, messages }) {
  const producer = new Producer({ ...settings, idempotent, acks, compression: codec })
  try {
    const sent = messages.map(m => ({
      topic,
      partition,
      key: decode(m.key) ?? undefined,
      value: decode(m.value) ?? undefined,
      timestamp: BigInt(m.timestamp),
      // Buffers are told apart by identity, so a name may come more than once.
      headers: new Map(m.headers.map(([name, value]) => [Buffer.from(name), decode(value)]))
    }))
    const { offsets } = await producer.send({ messages: sent })
    return offsets ? { offsets: messages.map((_, i) => Number(offsets[0].offset) + i) } : {}
  } finally {
    await producer.close()
  }
}

const describe = message => ({
  offset: Number(message.offset),
  key: encode(message.key),
  value: encode(message.value),
  timestamp: Number(message.timestamp),
  headers: message.headerEntries.map(([name, value]) => [name.toString(), encode(value)])
})

async function consume ({ topic, partition = 0, offset, time, reset = 'earliest', count }) {
  const consumer = new Consumer({ ...settings, groupId: `once-${process.pid}-${process.hrtime.bigint()}`, maxWaitTime: 200, autocommit: false })
  try {
    if (time !== undefined) {
      offset = (await consumer.listOffsetsWithTimestamps({ topics: [topic], partitions: { [topic]: [partition] }, timestamp: BigInt(time) })).get(topic).get(partition).offset
    }
    const stream = await consumer.consume({
      topics: [topic],
      mode: MessagesStreamModes.MANUAL,
      fallbackMode: MessagesStreamFallbackModes[reset.toUpperCase()],
      offsets: [{ topic, partition, offset: BigInt(offset) }]
    })
    const events = []
    for await (const message of stream) {
      events.push(describe(message))
      if (events.length === count) break
    }
    return { events }
  } finally {
    await consumer.close(true)
  }
}

async function member () {
  const input = lines()
  const { topic, group, session, commit } = JSON.parse((await input[Symbol.asyncIterator]().next()).value)
  const consumer = new Consumer({
    ...settings, groupId: group, sessionTimeout: session, heartbeatInterval: session / 6, rebalanceTimeout: 10_000, maxWaitTime: 100, autocommit: false
  })
  consumer.on('consumer:group:join', ({ assignments }) => say({ assigned: (assignments?.find(a => a.topic === topic)?.partitions ?? []).sort() }))
  const stream = await consumer.consume({ topics: [topic], mode: MessagesStreamModes.COMMITTED, fallbackMode: MessagesStreamFallbackModes.EARLIEST })
  input.on('close', () => consumer.close(true))
  for await (const message of stream) {
    if (commit) await message.commit()
    say({ partition: message.partition, offset: Number(message.offset), value: encode(message.value) })
  }
}

const admin = scenario === 'admin' ? new Admin(settings) : null
const entries = configs => Object.entries(configs ?? {}).map(([name, value]) => ({ name, value }))

const partitionsOf = async topic => (await admin.metadata({ topics: [topic], forceUpdate: true })).topics.get(topic).partitions.map((_, i) => i)

const operations = {
  create: ({ topic, partitions, configs }) => admin.createTopics({ topics: [topic], partitions, replicas: 1, configs: entries(configs) }).then(created => ({ created: created[0].partitions })),
  list: async () => ({ topics: await admin.listTopics() }),
  describe: async ({ topic }) => ({ partitions: await partitionsOf(topic) }),
  partitions: ({ topic, count }) => admin.createPartitions({ topics: [{ name: topic, count, assignments: null }] }),
  configs: async ({ topic }) => {
    const [{ configs }] = await admin.describeConfigs({ includeSynonyms: true, resources: [{ resourceType: ConfigResourceTypes.TOPIC, resourceName: topic }] })
    return { configs: Object.fromEntries(configs.map(c => [c.name, c.value])) }
  },
  alter: ({ topic, configs }) => admin.incrementalAlterConfigs({
    resources: [{ resourceType: ConfigResourceTypes.TOPIC, resourceName: topic, configs: entries(configs).map(c => ({ ...c, configOperation: 0 })) }]
  }),
  watermarks: async ({ topic }) => {
    const partitions = await partitionsOf(topic)
    const at = async timestamp => (await admin.listOffsets({ topics: [{ name: topic, partitions: partitions.map(partitionIndex => ({ partitionIndex, timestamp })) }] }))[0]
      .partitions.sort((a, b) => a.partitionIndex - b.partitionIndex).map(p => Number(p.offset))
    const [low, high] = [await at(-2n), await at(-1n)]
    return { watermarks: low.map((offset, i) => [offset, high[i]]) }
  },
  groups: async () => ({ groups: [...(await admin.listGroups()).keys()] }),
  group: async ({ group }) => {
    const { state, members } = (await admin.describeGroups({ groups: [group] })).get(group)
    return { state, members: members.size }
  },
  committed: async ({ group, topic }) => {
    const [{ topics }] = await admin.listConsumerGroupOffsets({ groups: [group] })
    return { committed: Object.fromEntries(topics.find(t => t.name === topic).partitions.map(p => [p.partitionIndex, Number(p.committedOffset)])) }
  },
  reset: ({ group, topic, partition, offset }) => admin.alterConsumerGroupOffsets({ groupId: group, topics: [{ name: topic, partitionOffsets: [{ partition, offset: BigInt(offset) }] }] }),
  deleteGroup: ({ group }) => admin.deleteGroups({ groups: [group] }).then(() => ({})),
  deleteRecords: ({ topic, partition, offset }) => admin.deleteRecords({ topics: [{ name: topic, partitions: [{ partition, offset: BigInt(offset) }] }] }).then(() => ({})),
  delete: ({ topic }) => admin.deleteTopics({ topics: [topic] })
}

// An error of the protocol has Kafka's code, mostly inside an aggregate or as a cause.
function refusal (error) {
  const within = [error]
  for (const at of within) {
    if (Number.isInteger(at.apiCode)) return { error: at.apiCode, text: at.message }
    within.push(...[at.cause, ...(at.errors ?? [])].filter(e => e instanceof Error))
  }
  return error.code?.startsWith('PLT_KFK_') ? { error: error.code, text: error.message } : null
}

if (scenario === 'member') {
  await member()
} else {
  await serve({ produce, consume, admin: command => operations[command.op](command) }, refusal)
  await admin?.close()
}
