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
 * Records until it is stopped. `onWords(committed, uncommitted)` is told the words, `onLevel(level, seconds)`
 * the loudness in 0...1, `onEnd()` that it ended. Returns `stop`, and `finish`, which gives the recording.
 */
export async function record(options) {
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
  const release = () => {
    stream.getTracks().forEach(track => track.stop())
    return context.close()
  }
  const rate = context.sampleRate
  const { socket, send } = await connect(rate, options).catch(async error => {
    await release()
    throw error
  })

  const blocks = []
  let [done, doing, problem] = ['', '', null]
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

  const source = context.createMediaStreamSource(stream)
  const worklet = new AudioWorkletNode(context, 'recorder', { numberOfOutputs: 0 })
  let flushed
  const isFlushed = new Promise(resolve => { flushed = resolve })
  let count = 0
  worklet.port.onmessage = ({ data }) => {
    if (data.done) return flushed()
    blocks.push(data.samples)
    count += data.samples.length
    options.onLevel(data.level, count / rate)
    if (data.samples.length) send({ type: 'input_audio_buffer.append', audio: base64(new Uint8Array(data.samples.buffer)) })
  }
  source.connect(worklet)

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
  stream.getTracks()[0].onended = stop

  /** Ends the recording; the words that are not told yet come first. */
  async function finish() {
    worklet.port.postMessage('end')
    await Promise.race([isFlushed, new Promise(resolve => setTimeout(resolve, 500))])
    await release()
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
