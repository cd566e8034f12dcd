// The microphone over the realtime WebSocket.
import { key } from '/kit.js'
import { joined, wav } from '/sound.js'

/** Whether this browser gives the page a microphone: over https or on this machine only. */
export const canRecord = Boolean(navigator.mediaDevices?.getUserMedia && window.AudioWorkletNode)

const base64 = bytes => {
  let text = ''
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(text)
}

const sentence = error => error.name === 'NotAllowedError'
  ? 'the microphone was refused; allow it in the settings of the browser'
  : error.name === 'NotFoundError' ? 'there is no microphone; connect one' : error.message

/** Samples without the exact zeros at both ends that systems give while a microphone starts or is muted. */
function spoken(samples) {
  const start = samples.findIndex(sample => sample !== 0)
  return start < 0 ? samples.subarray(0, 0) : samples.slice(start, samples.findLastIndex(sample => sample !== 0) + 1)
}

/** Opens the WebSocket, and sets the session up. */
function connect(rate, { model, hotwords }) {
  const address = new URL('/v1/realtime?intent=transcription', location.href.replace(/^http/, 'ws'))
  if (model) address.searchParams.set('model', model)
  // A WebSocket of a browser has no headers, so that the key goes where protocols are named.
  const packed = base64(new TextEncoder().encode(key())).replace(/=/g, '').replace(/\+/g, '-').replace(/\//g, '_')
  const socket = new WebSocket(address, packed ? ['realtime', `stapes-key.${packed}`] : [])
  const send = message => { if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message)) }
  return new Promise((resolve, reject) => {
    socket.onopen = () => {
      send({
        type: 'session.update',
        session: {
          type: 'transcription', include: ['item.input_audio_transcription.partial'],
          audio: {
            input: {
              format: { type: 'audio/pcm', rate },
              turn_detection: { type: 'server_vad', silence_duration_ms: 700 },
              transcription: { prompt: hotwords },
            },
          },
        },
      })
      resolve({ socket, send })
    }
    socket.onerror = () => reject(new Error('the server refused the live connection; see whether it still runs, and whether the key is right'))
  })
}

/**
 * Opens the microphone: `onBlock(samples, level)` is told a tenth of a second at a time. Returns its `rate`,
 * its `track`, and `finish`, which tells the rest and closes it.
 */
export async function microphone(onBlock) {
  const context = new AudioContext()
  let stream
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } })
    await context.audioWorklet.addModule('/recorder.js')
    await context.resume()
  } catch (error) {
    stream?.getTracks().forEach(track => track.stop())
    await context.close()
    throw new Error(sentence(error))
  }
  const source = context.createMediaStreamSource(stream)
  const worklet = new AudioWorkletNode(context, 'recorder', { numberOfOutputs: 0 })
  let flushed
  const isFlushed = new Promise(resolve => { flushed = resolve })
  worklet.port.onmessage = ({ data }) => data.done ? flushed() : onBlock(data.samples, data.level)
  source.connect(worklet)
  return {
    rate: context.sampleRate,
    track: stream.getTracks()[0],
    async finish() {
      worklet.port.postMessage('end')
      await Promise.race([isFlushed, new Promise(resolve => setTimeout(resolve, 500))])
      stream.getTracks().forEach(track => track.stop())
      await context.close()
    },
  }
}

/**
 * Records until it is stopped. `onWords(committed, uncommitted)` is told the words, `onLevel(level, seconds)`
 * the loudness in 0...1, `onEnd()` that it ended. Returns `stop`, and `finish`, which gives the recording.
 */
export async function record(options) {
  let send = () => {}
  let count = 0
  const blocks = []
  let [done, doing, problem] = ['', '', null]
  const input = await microphone((samples, level) => {
    blocks.push(samples)
    count += samples.length
    options.onLevel(level, count / input.rate)
    if (samples.length) send({ type: 'input_audio_buffer.append', audio: base64(new Uint8Array(samples.buffer)) })
  })
  const { rate } = input
  const connection = await connect(rate, options).catch(async error => {
    await input.finish()
    throw error
  })
  const { socket } = connection
  for (const samples of blocks) if (samples.length) connection.send({ type: 'input_audio_buffer.append', audio: base64(new Uint8Array(samples.buffer)) })
  send = connection.send
  let cleared
  const words = (open = '') => options.onWords([done, doing].filter(Boolean).join(' '), open)
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data)
    switch (message.type) {
      case 'conversation.item.input_audio_transcription.delta':
        doing += message.delta
        return words()
      case 'conversation.item.input_audio_transcription.partial': return words(message.transcript.trim())
      case 'conversation.item.input_audio_transcription.completed':
        done = [done, message.transcript].filter(Boolean).join(' ')
        doing = ''
        return words()
      case 'input_audio_buffer.cleared': return cleared?.()
      case 'error':
        problem = new Error(message.error.message)
        stop()
    }
  }

  let isStopped = false
  function stop() {
    if (isStopped) return
    isStopped = true
    options.onEnd()
  }
  socket.onclose = () => {
    if (!isStopped) problem ??= new Error('the live connection was closed; what was recorded is transcribed now')
    stop()
    cleared?.()
  }
  input.track.onended = stop

  /** Ends the recording; the words that are not told yet come first. */
  async function finish() {
    await input.finish()
    if (socket.readyState === WebSocket.OPEN) {
      const answered = new Promise(resolve => { cleared = resolve })
      send({ type: 'input_audio_buffer.commit' })
      // Answers come in order, so that all words are there when this one is.
      send({ type: 'input_audio_buffer.clear' })
      await Promise.race([answered, new Promise(resolve => setTimeout(resolve, 10_000))])
    }
    socket.close()
    const samples = spoken(joined(blocks))
    return { sound: samples.length ? wav(samples, rate) : null, problem }
  }
  return { stop, finish }
}
