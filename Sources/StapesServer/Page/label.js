// The tab Label: clips of a folder, the most doubtful first, corrected with the keyboard.
import { ask, doubt, find, make, request, tell, time } from '/kit.js'
import { Player, wav } from '/sound.js'

const [text, mirror, fault, list] = [find('text'), find('mirror'), find('label-fault'), find('clips')]
const player = new Player()
find('clip-player').replaceWith(player.element)

/** A word is unsure, and Tab stops at it, where it is less probable than this. */
const UNSURE = 0.8
const RATE = 16000

let listing
/** At which place of the whole list the shown part begins. */
let from = 0
/** Of how many clips a part is. */
const PART = 200
/** The clip that is shown, with its sound. */
let current = null
/** The text that was shown first, and the words of the text now, with where they are in text and sound. */
let first = ''
let tokens = []

/** Texts that were changed and not saved, by their clips. */
const drafts = new Map()

const keepDraft = () => {
  if (!current) return
  if (text.value !== first) drafts.set(current.id, text.value)
  else drafts.delete(current.id)
}

addEventListener('beforeunload', event => {
  keepDraft()
  const isRejected = id => listing.clips.find(clip => clip.id === id)?.state === 'rejected'
  if ([...drafts.keys()].some(id => !isRejected(id))) event.preventDefault()
})

// Clips are loaded before they are asked for, so that the next one is there at once.
const loading = new Map()

function load(id) {
  if (!loading.has(id)) {
    // A clip whose sound cannot be read can still be rejected.
    const sound = request(`/label/clips/${id}/sound`).then(answer => answer.arrayBuffer()).catch(() => new ArrayBuffer())
    const clip = Promise.all([ask(`/label/clips/${id}`), sound])
      .then(([details, bytes]) => ({ ...details, sound: wav(new Int16Array(bytes), RATE) }))
    clip.catch(() => loading.delete(id))
    loading.set(id, clip)
    if (loading.size > 8) loading.delete(loading.keys().next().value)
  }
  return loading.get(id)
}

const minutes = seconds => (seconds / 60).toFixed(seconds < 600 ? 1 : 0)
const note = sentence => { find('text-note').textContent = sentence }
const marks = { labelled: 'labelled', rejected: 'rejected' }

function showListing(answer) {
  listing = answer
  const { total, labelled, rejected, waiting } = listing
  find('counts').textContent = `${labelled} of ${total} clips labelled, ${minutes(listing.labelledSeconds)} of ${minutes(listing.totalSeconds)} minutes`
    + (rejected ? `, ${rejected} rejected` : '') + (waiting ? `; ${waiting} still to be recognised` : '')
  find('done').style.width = `${labelled / Math.max(1, total) * 100}%`
  find('set-aside').style.width = `${rejected / Math.max(1, total) * 100}%`
  find('undo').disabled = !listing.canUndo
  const had = list.contains(document.activeElement) ? document.activeElement.dataset.id : null
  list.replaceChildren(...listing.clips.map(clip => {
    const mark = marks[clip.state] ?? (clip.doubt == null ? '…' : `${Math.round(clip.doubt * 100)} % unsure`)
    const meter = make('span', { className: 'meter', ariaHidden: 'true' })
    meter.style.setProperty('--doubt', `${(clip.doubt ?? 0) * 100}%`)
    const button = make('button', { type: 'button', title: clip.name },
      make('span', { className: 'name' }, clip.name), make('span', { className: 'mark' }, mark),
      ...clip.state === 'open' ? [meter] : [])
    button.dataset.id = clip.id
    button.onclick = () => show(clip.id)
    if (clip.id === current?.id) button.setAttribute('aria-current', 'true')
    return make('li', { className: clip.state }, button)
  }))
  if (had) list.querySelector(`[data-id="${had}"]`)?.focus()
  const last = from + listing.clips.length
  find('more').textContent = total === 0 ? `There is no sound file in ${listing.folder}.` : total > PART ? `${from + 1} to ${last} of ${total}` : ''
  find('pages').hidden = total <= PART
  find('earlier').disabled = from === 0
  find('later').disabled = last >= total
}

/** Answers of changes list the beginning. */
async function showChanged(answer) {
  showListing(from ? await ask(`/label/clips?from=${from}`) : answer)
}

async function turn(by) {
  from = Math.max(0, from + by)
  await attempt(async () => showListing(await ask(`/label/clips?from=${from}`)))
  list.querySelector('button')?.focus()
}
find('earlier').onclick = () => turn(-PART)
find('later').onclick = () => turn(PART)

/** Does what may be refused. */
async function attempt(work) {
  tell(fault, '')
  try {
    return await work()
  } catch (error) {
    tell(fault, error.message)
  }
}

let newest

async function show(id, { focuses = true } = {}) {
  newest = id
  await attempt(async () => {
    const clip = await load(id)
    // Another may have been asked for meanwhile.
    if (newest !== id) return
    keepDraft()
    current = clip
    find('editor').hidden = false
    find('clip-name').textContent = clip.name
    const confidence = clip.hypothesis && clip.state === 'open' ? `, ${Math.round((1 - clip.hypothesis.confidence) * 100)} % unsure` : ''
    find('clip-meta').textContent = `${time(clip.seconds ?? 0)}${confidence}${marks[clip.state] ? `, ${marks[clip.state]}` : ''}`
    first = clip.label?.trim() || clip.hypothesis?.text || ''
    text.value = drafts.get(id) ?? first
    note(clip.problem ?? (drafts.has(id) ? 'This text is not saved yet.' : first ? '' : 'Nothing was recognised in it; write what is said, or reject it.'))
    for (const button of list.querySelectorAll('button')) {
      if (button.dataset.id === String(id)) {
        button.setAttribute('aria-current', 'true')
        button.scrollIntoView({ block: 'nearest' })
      } else button.removeAttribute('aria-current')
    }
    await player.load(clip.sound)
    retrace()
    if (focuses) {
      text.focus()
      if (!toUnsure(1, 0)) text.setSelectionRange(text.value.length, text.value.length)
    }
    const following = after(id)
    if (following !== undefined) load(following).catch(() => {})
  })
}

/** The clip to go on with behind another: the next that is open, round the end. */
function after(id) {
  const place = listing.clips.findIndex(clip => clip.id === id)
  const round = [...listing.clips.slice(place + 1), ...listing.clips.slice(0, Math.max(0, place))]
  return round.find(clip => clip.state === 'open' && clip.id !== id)?.id
}

const plain = word => word.toLowerCase().replace(/[^\p{L}\p{N}']/gu, '')

/** Pairs the words of the text with those that were recognised, by the fewest edits. */
function paired(said, recognised) {
  const [m, n] = [said.length, recognised.length]
  const cost = Array.from({ length: m + 1 }, (_, i) => Uint16Array.from({ length: n + 1 }, (_, j) => i ? 0 : j))
  for (let i = 1; i <= m; i++) {
    cost[i][0] = i
    for (let j = 1; j <= n; j++) {
      const differs = said[i - 1] === recognised[j - 1] ? 0 : 1
      cost[i][j] = Math.min(cost[i - 1][j - 1] + differs, cost[i - 1][j] + 1, cost[i][j - 1] + 1)
    }
  }
  const pairs = Array(m).fill(null)
  for (let [i, j] = [m, n]; i > 0 && j > 0;) {
    const differs = said[i - 1] === recognised[j - 1] ? 0 : 1
    if (cost[i][j] === cost[i - 1][j - 1] + differs) pairs[--i] = --j
    else if (cost[i][j] === cost[i - 1][j] + 1) i--
    else j--
  }
  return pairs
}

/** Finds the words of the text again in the sound, and shades them. */
function retrace() {
  const words = current?.hypothesis?.words ?? []
  tokens = [...text.value.matchAll(/\S+/g)].map(match => ({ text: match[0], from: match.index, to: match.index + match[0].length }))
  const pairs = paired(tokens.map(token => plain(token.text)), words.map(word => plain(word.word)))
  tokens.forEach((token, index) => {
    const word = words[pairs[index]]
    const isSame = word && plain(word.word) === plain(token.text)
    // What a person wrote is sure.
    token.probability = isSame && current.state !== 'labelled' ? word.probability : 1
    token.isChanged = Boolean(words.length) && !isSame
    if (word) [token.start, token.end] = [word.start, word.end]
  })
  // Words that were put in lie between their neighbours.
  tokens.forEach((token, index) => {
    if (token.start !== undefined) return
    const before = tokens.slice(0, index).findLast(other => other.end !== undefined)?.end ?? 0
    const behind = tokens.slice(index).find(other => other.start !== undefined)?.start ?? player.seconds
    ;[token.start, token.end] = [Math.max(0, before - 0.1), behind + 0.1]
  })
  paint()
}

let lit = null

function paint() {
  const parts = []
  let at = 0
  for (const token of tokens) {
    const span = make('span', { className: [token.isChanged && 'changed', token === lit && 'lit'].filter(Boolean).join(' ') }, token.text)
    span.style.setProperty('--doubt', doubt(token.probability).toFixed(3))
    parts.push(text.value.slice(at, token.from), span)
    at = token.to
  }
  mirror.replaceChildren(...parts, text.value.slice(at), '\u200b')
  text.style.height = 'auto'
  text.style.height = `${Math.max(text.scrollHeight + 2, 100)}px`
}

player.onTime = now => {
  const found = player.isPlaying ? tokens.findLast(token => token.start <= now) ?? null : null
  if (found === lit) return
  lit = found
  paint()
}

const tokenAtCaret = () => tokens.find(token => token.from <= text.selectionStart && text.selectionStart <= token.to)

/** Selects the next unsure word in a direction; whether there was one. */
function toUnsure(step, from = step > 0 ? text.selectionEnd : text.selectionStart) {
  const isUnsure = token => token.probability < UNSURE
  const token = step > 0
    ? tokens.find(token => token.from >= from && isUnsure(token))
    : tokens.findLast(token => token.to <= from && isUnsure(token))
  if (!token) return false
  text.setSelectionRange(token.from, token.to)
  player.mark(token)
  return true
}

function hearWord() {
  const token = tokenAtCaret()
  if (!token) return player.play(0)
  player.mark(token)
  player.play(token.start - 0.08, token.end + 0.12)
}

async function goOn(answer, id) {
  const next = after(id)
  loading.delete(id)
  await showChanged(answer)
  if (next === undefined) {
    await show(id)
    return note('All clips are done.')
  }
  await show(next)
}

let isBusy = false

async function once(work) {
  if (isBusy) return
  isBusy = true
  await attempt(work)
  isBusy = false
}

const save = () => current && once(async () => {
  const { id, label } = current
  try {
    const answer = await ask(`/label/clips/${id}`, { text: text.value, shown: label ?? null })
    first = text.value
    drafts.delete(id)
    await goOn(answer, id)
  } catch (error) {
    // The text that was typed stays; what it is compared with next time is what is there now.
    if (error.status === 409) {
      loading.delete(id)
      const now = await load(id)
      if (current.id === id) {
        current.label = now.label
        note(now.label?.trim() ? `The label is now: ${now.label.trim()}` : 'There is no label now.')
      }
    }
    throw error
  }
})

const reject = () => current && once(async () => {
  const { id } = current
  await goOn(await ask(`/label/clips/${id}/reject`, {}), id)
})

const undo = () => listing?.canUndo && once(async () => {
  const answer = await ask('/label/undo', {})
  loading.delete(answer.changed)
  await showChanged(answer)
  await show(answer.changed)
})

/** Splits the clip before the word at the cursor, and shows the first part. */
const split = () => current && once(async () => {
  const { id } = current
  const place = tokens.findIndex(token => token.to >= text.selectionStart)
  if (place < 1) return note('Put the cursor into the word that the second clip is to begin with.')
  const seconds = (tokens[place - 1].end + tokens[place].start) / 2
  const at = tokens[place].from
  const answer = await ask(`/label/clips/${id}/split`, { seconds, texts: [text.value.slice(0, at), text.value.slice(at)] })
  drafts.delete(id)
  first = text.value
  loading.delete(id)
  await showChanged(answer)
  await show(answer.changed)
  note('This is the first part; the clip itself is kept, and Undo joins the parts again.')
})

/** Puts the mark of foreign speech in place of what is selected, or of the word at the cursor. */
function markForeign() {
  let [start, end] = [text.selectionStart, text.selectionEnd]
  const token = start === end ? tokenAtCaret() : null
  if (token) [start, end] = [token.from, token.to]
  const before = start > 0 && !/\s/.test(text.value[start - 1]) ? ' ' : ''
  text.setRangeText(`${before}[foreign]`, start, end, 'end')
  text.oninput()
  text.focus()
  note('A clip with foreign speech is not learnt from.')
}

/** Goes to a neighbour in the list. */
function step(by) {
  const place = listing.clips.findIndex(clip => clip.id === current?.id)
  const clip = listing.clips[place + by]
  if (clip) show(clip.id)
}

find('save').onclick = save
find('reject').onclick = reject
find('undo').onclick = undo
find('split').onclick = split
find('foreign').onclick = markForeign
find('hear').onclick = () => {
  hearWord()
  text.focus()
}
find('next').onclick = () => {
  if (!toUnsure(1)) toUnsure(1, 0)
  text.focus()
}
text.oninput = () => {
  player.mark(null)
  retrace()
}
text.onselect = text.onclick = () => {
  const token = tokenAtCaret()
  player.mark(token?.start === undefined ? null : token)
}
new ResizeObserver(paint).observe(mirror)

document.addEventListener('keydown', event => {
  if (find('label').hidden || find('key').open || !current) return
  const isInText = document.activeElement === text
  const command = event.ctrlKey || event.metaKey
  if (event.key === 'Tab' && isInText && !command && !event.altKey) {
    // Behind the last unsure word, Tab leaves the text as it does everywhere.
    if (!toUnsure(event.shiftKey ? -1 : 1)) return
  } else if (event.code === 'Space' && event.ctrlKey && event.shiftKey) player.isPlaying ? player.pause() : player.play(0)
  else if (event.code === 'Space' && event.ctrlKey) hearWord()
  else if (event.key === 'Enter' && command) save()
  else if (event.key === 'Enter' && isInText) return event.preventDefault()
  else if (event.code === 'KeyR' && event.altKey && !command) reject()
  else if (event.code === 'KeyS' && event.altKey && !command) split()
  else if (event.code === 'KeyF' && event.altKey && !command) markForeign()
  else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && event.altKey) step(event.key === 'ArrowDown' ? 1 : -1)
  else if (event.key.toLowerCase() === 'z' && command && !event.shiftKey && !(isInText && text.value !== first)) undo()
  else return
  event.preventDefault()
})

let timer
async function refresh() {
  clearTimeout(timer)
  if (find('label').hidden) return
  if (!isBusy) {
    await attemptQuietly(async () => {
      showListing(await ask(`/label/clips?from=${from}`))
      if (!current && listing.clips.length) await show(listing.clips[0].id, { focuses: false })
    })
  }
  if (listing?.waiting !== 0) timer = setTimeout(refresh, 2500)
}

/** Leaves what stands in the place of faults as it is, unless there is a new one. */
async function attemptQuietly(work) {
  try {
    await work()
  } catch (error) {
    tell(fault, error.message)
  }
}

document.addEventListener('tab', event => {
  if (event.detail === 'label') refresh()
  else player.pause()
})
