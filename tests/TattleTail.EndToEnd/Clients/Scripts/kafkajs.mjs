// kafkajs: see README.md. Its groups are the only way to consume, so even one partition is read as the only member of a group.
import zlib from 'node:zlib'
import { promisify } from 'node:util'
import { bootstrap, decode, encode, lines, load, say, scenario, serve } from './session.mjs'

const { Kafka, CompressionTypes, CompressionCodecs, ConfigResourceTypes, logLevel } = load('kafkajs')
const Lz4 = load('@2l/kafkajs-lz4')
CompressionCodecs[CompressionTypes.Snappy] = load('kafkajs-snappy')
CompressionCodecs[CompressionTypes.LZ4] = new Lz4().codec
CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: encoder => promisify(zlib.zstdCompress)(encoder.buffer),
  decompress: buffer => promisify(zlib.zstdDecompress)(buffer)
})
const codecs = { none: 'None', gzip: 'GZIP', snappy: 'Snappy', lz4: 'LZ4', zstd: 'ZSTD' }

const kafka = new Kafka({ clientId: 'tests', brokers: [bootstrap], logLevel: logLevel.NOTHING, retry: { retries: 3, initialRetryTime: 50 } })

function headersOf (message) {
  const headers = {}
  for (const [name, value] of message.headers) (headers[name] ??= []).push(decode(value))
  for (const name in headers) if (headers[name].length === 1) headers[name] = headers[name][0]
  return headers
}

const describe = message => ({
  offset: Number(message.offset),
  key: encode(message.key),
  value: encode(message.value),
  timestamp: Number(message.timestamp),
  headers: Object.entries(message.headers).flatMap(([name, values]) => [values].flat().map(value => [name, encode(value)]))
})

async function produce ({ topic, partition = 0, codec = 'none', idempotent = false, acks = -1, messages }) {
  const producer = kafka.producer({ idempotent, allowAutoTopicCreation: false, maxInFlightRequests: 1, retry: { retries: 3, initialRetryTime: 50 } })
  await producer.connect()
  try {
    const sent = messages.map(m => ({ partition, key: decode(m.key), value: decode(m.value), timestamp: String(m.timestamp), headers: headersOf(m) }))
    const told = await producer.send({ topic, acks, compression: CompressionTypes[codecs[codec]], messages: sent })
    return told?.[0]?.baseOffset === undefined ? {} : { offsets: messages.map((_, i) => Number(told[0].baseOffset) + i) }
  } finally {
    await producer.disconnect()
  }
}

async function consume ({ topic, partition = 0, offset, time, reset = 'earliest', count }) {
  if (time !== undefined) {
    const found = await administrate(admin => admin.fetchTopicOffsetsByTimestamp(topic, time))
    offset = Number(found.find(f => f.partition === partition).offset)
  }
  const consumer = kafka.consumer({ groupId: `once-${process.pid}-${process.hrtime.bigint()}`, maxWaitTimeInMs: 200, allowAutoTopicCreation: false, retry: { retries: 0 } })
  const events = []
  await consumer.connect()
  try {
    await consumer.subscribe({ topic, fromBeginning: reset === 'earliest' })
    await new Promise((resolve, reject) => {
      consumer.on('consumer.crash', ({ payload }) => reject(payload.error))
      consumer.run({
        autoCommit: false,
        eachMessage: async ({ partition: from, message }) => {
          if (from === partition && events.length < count) events.push(describe(message))
          if (events.length === count) resolve()
        }
      }).catch(reject)
      consumer.seek({ topic, partition, offset: String(offset) })
    })
    return { events }
  } finally {
    await consumer.disconnect()
  }
}

async function member () {
  const input = lines()
  const { topic, group, session, commit } = JSON.parse((await input[Symbol.asyncIterator]().next()).value)
  const consumer = kafka.consumer({ groupId: group, sessionTimeout: session, heartbeatInterval: session / 6, rebalanceTimeout: 10_000, maxWaitTimeInMs: 100, allowAutoTopicCreation: false })
  consumer.on('consumer.group_join', ({ payload }) => say({ assigned: (payload.memberAssignment[topic] ?? []).sort() }))
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ partition, message }) => {
      if (commit) await consumer.commitOffsets([{ topic, partition, offset: String(Number(message.offset) + 1), metadata: 'mark' }])
      say({ partition, offset: Number(message.offset), value: encode(message.value) })
    }
  })
  await new Promise(resolve => input.on('close', resolve))
  await consumer.disconnect()
}

// One for all commands: what it learned of a topic is needed to delete records of it.
let admin

async function administrate (use) {
  if (!admin) {
    admin = kafka.admin({ retry: { retries: 2, initialRetryTime: 50 } })
    await admin.connect()
  }
  return use(admin)
}

const entries = configs => Object.entries(configs ?? {}).map(([name, value]) => ({ name, value }))

const operations = {
  create: (admin, { topic, partitions, configs }) =>
    admin.createTopics({ topics: [{ topic, numPartitions: partitions, replicationFactor: 1, configEntries: entries(configs) }] }).then(created => ({ created })),
  list: async admin => ({ topics: await admin.listTopics() }),
  describe: async (admin, { topic }) => ({ partitions: (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0].partitions.map(p => p.partitionId).sort() }),
  partitions: (admin, { topic, count }) => admin.createPartitions({ topicPartitions: [{ topic, count }] }).then(() => ({})),
  configs: async (admin, { topic }) => {
    const { resources } = await admin.describeConfigs({ includeSynonyms: true, resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }] })
    return { configs: Object.fromEntries(resources[0].configEntries.map(c => [c.configName, c.configValue])) }
  },
  alter: (admin, { topic, configs }) =>
    admin.alterConfigs({ validateOnly: false, resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries: entries(configs) }] }).then(() => ({})),
  watermarks: async (admin, { topic }) => ({ watermarks: (await admin.fetchTopicOffsets(topic)).sort((a, b) => a.partition - b.partition).map(p => [Number(p.low), Number(p.high)]) }),
  groups: async admin => ({ groups: (await admin.listGroups()).groups.map(g => g.groupId) }),
  group: async (admin, { group }) => {
    const { state, members } = (await admin.describeGroups([group])).groups[0]
    return { state, members: members.length }
  },
  committed: async (admin, { group, topic }) => ({
    committed: Object.fromEntries((await admin.fetchOffsets({ groupId: group, topics: [topic] }))[0].partitions.map(p => [p.partition, Number(p.offset)])),
    metadata: (await admin.fetchOffsets({ groupId: group, topics: [topic] }))[0].partitions[0].metadata
  }),
  deleteGroup: (admin, { group }) => admin.deleteGroups([group]).then(() => ({})),
  deleteRecords: (admin, { topic, partition, offset }) => admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(offset) }] }).then(() => ({})),
  delete: (admin, { topic }) => admin.deleteTopics({ topics: [topic] }).then(() => ({}))
}

// An error of the protocol has Kafka's code, sometimes inside what the retries or the aggregate threw.
function refusal (error) {
  for (let at = error; at; at = at.cause ?? at.originalError ?? at.errors?.[0] ?? at.groups?.[0]?.error) {
    if (Number.isInteger(at.code) || Number.isInteger(at.errorCode)) return { error: at.code ?? at.errorCode, text: at.message }
  }
  return error.name?.startsWith('KafkaJS') ? { error: error.name, text: error.message } : null
}

if (scenario === 'member') {
  await member()
} else {
  await serve({ produce, consume, admin: command => administrate(admin => operations[command.op](admin, command)) }, refusal)
  await admin?.disconnect()
}
