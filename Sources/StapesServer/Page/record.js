// The tab Record: sentences to read, recorded as clips with their texts.
import { ask, find, request, tell } from '/kit.js'
import { canRecord, microphone } from '/live.js'
import { joined, Player, wav } from '/sound.js'

const [fault, button, saving] = [find('recorder-fault'), find('recorder-record'), find('recorder-save')]
const player = new Player()
find('recorder-player').replaceWith(player.element)
player.element.classList.add('mute')

let sentence = null
let recording = null
/** The trimmed samples, with their rate. */
let take = null
const skipped = new Set()
const note = text => { find('recorder-note').textContent = text }

/** Asks for the next sentence. */
async function next() {
  take = null
  saving.disabled = true
  player.close()
  player.element.classList.add('mute')
  sentence = await ask(`/label/sentence?skip=${[...skipped].join(',')}`)
  find('sentence').textContent = sentence.text ?? 'All sentences are read.'
  button.disabled = !canRecord || sentence.id == null
}

/** The loudness of pieces of 10 ms, as mean squares. */
function powers(samples, rate) {
  const length = Math.round(rate / 100)
  return Array.from({ length: Math.floor(samples.length / length) }, (_, piece) => {
    let sum = 0
    for (let at = piece * length; at < (piece + 1) * length; at++) sum += (samples[at] / 32768) ** 2
    return sum / length
  })
}

/** Cuts silence off both ends but for a fifth of a second; what is wrong with it, in a sentence. */
export function trimmed(samples, rate) {
  const loudness = powers(samples, rate)
  const sorted = loudness.toSorted((a, b) => a - b)
  const quiet = sorted[Math.floor(sorted.length * 0.1)] ?? 0
  const loud = sorted[Math.floor(sorted.length * 0.95)] ?? 0
  const limit = Math.max(quiet * 4, loud / 1000, 1e-8)
  const isSpeech = value => value > limit
  const [first, last] = [loudness.findIndex(isSpeech), loudness.findLastIndex(isSpeech)]
  if (first < 0) return { problem: 'Nothing was said, or the microphone is muted. Record it again.' }
  const length = Math.round(rate / 100)
  const part = samples.slice(Math.max(0, (first - 20) * length), (last + 21) * length)
  const clipped = part.filter(sample => sample >= 32766 || sample <= -32767).length
  if (clipped > part.length / 2000) return { problem: 'It is too loud: the sound is clipped. Go further from the microphone, and record it again.' }
  if (loud < 1e-5) return { problem: 'It is too quiet. Go nearer to the microphone, and record it again.' }
  const warning = loud < quiet * 30 ? 'There is much noise in it; a quieter place is better.' : ''
  return { samples: part, warning }
}

async function begin() {
  tell(fault, '')
  note('')
  const blocks = []
  player.pause()
  take = null
  saving.disabled = true
  recording = await microphone((samples, level) => {
    blocks.push(samples)
    find('recorder-level').style.transform = `scaleX(${Math.min(1, Math.sqrt(level) * 1.1).toFixed(3)})`
  })
  recording.blocks = blocks
  button.classList.add('on')
  button.lastElementChild.textContent = 'Stop'
}

async function end() {
  const { finish, rate, blocks } = recording
  recording = null
  button.classList.remove('on')
  button.lastElementChild.textContent = 'Record'
  await finish()
  find('recorder-level').style.transform = 'scaleX(0)'
  const { samples, problem, warning } = trimmed(joined(blocks), rate)
  if (problem) return note(problem)
  take = { samples, rate }
  await player.load(wav(samples, rate))
  saving.disabled = false
  note(warning || `${(samples.length / rate).toFixed(1)} s. Listen to it, and save it.`)
}

let isBusy = false

async function once(work) {
  if (isBusy) return
  isBusy = true
  tell(fault, '')
  try {
    await work()
  } catch (error) {
    tell(fault, error.message)
  }
  isBusy = false
}

const toggle = () => once(() => recording ? end() : begin())
const save = () => take && once(async () => {
  await request(`/label/recordings?sentence=${sentence.id}&rate=${take.rate}`, {
    method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body: take.samples,
  })
  note('Saved.')
  await next()
})
const skip = () => !recording && once(async () => {
  if (sentence?.id != null) skipped.add(sentence.id)
  note('')
  await next()
})

button.onclick = toggle
saving.onclick = save
find('recorder-skip').onclick = skip
if (!canRecord) {
  find('recorder-hint').textContent = 'To record, open this page over https or as localhost: browsers give no microphone to others.'
}

document.addEventListener('keydown', event => {
  if (find('recorder').hidden || find('key').open || event.ctrlKey || event.metaKey || event.altKey) return
  if (event.key === 'r' && !button.disabled) toggle()
  else if (event.key === 'p' && take) player.toggle()
  else if (event.key === 'Enter' && take && document.activeElement?.tagName !== 'BUTTON') save()
  else if (event.key === 'n') skip()
  else return
  event.preventDefault()
})

document.addEventListener('tab', event => {
  if (event.detail === 'recorder') {
    if (!sentence) once(next)
  } else {
    player.pause()
    if (recording) once(end)
  }
})
