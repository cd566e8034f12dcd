// The tab Try: files and the microphone, transcribed.
import { clock, find, make, request, tell, time } from '/kit.js'
import { Player } from '/sound.js'
import { Words } from '/words.js'
import { canRecord, record } from '/live.js'

const [model, hotwords, drop, fault] = [find('model'), find('hotwords'), find('drop'), find('fault')]

/** Sends a sound with what is chosen, and returns the response in a format. */
function transcribe(sound, name, choice, format) {
  const form = new FormData()
  form.append('file', sound, name)
  form.append('response_format', format)
  if (format === 'verbose_json') {
    form.append('timestamp_granularities[]', 'word')
    form.append('include[]', 'characters')
  }
  if (choice.model) form.append('model', choice.model)
  if (choice.hotwords) form.append('prompt', choice.hotwords)
  return request('/v1/audio/transcriptions', { method: 'POST', body: form })
}

const choice = () => ({ model: model.value, hotwords: hotwords.value.trim() })

/** A card with a sound, its words, and its downloads. */
class Result {
  #player = new Player()
  #words = new Words(word => this.#player.play(word.start - 0.03), word => this.#player.mark(word))
  #meta = make('p', { className: 'meta' })
  #body = make('div', { className: 'body' })
  #remove = make('button', { className: 'remove', type: 'button', title: 'Remove' }, '×')
  element = make('article', { className: 'card' })

  constructor(name) {
    this.name = name
    this.#remove.ariaLabel = `Remove ${name}`
    this.#remove.onclick = () => {
      this.#player.close()
      this.onRemove?.()
      this.element.remove()
    }
    this.element.append(make('header', {}, make('h2', {}, name), this.#meta, this.#remove), this.#body)
    this.element.ariaLabel = name
    this.#player.onTime = time => this.#words.light(time, this.#player.isPlaying)
    find('results').prepend(this.element)
  }

  /** Shows something in place of the words. */
  wait(element, meta) {
    this.#body.replaceChildren(element)
    this.#meta.textContent = meta
  }

  /** Shows that the last words are still to come. */
  finishing() { this.#meta.textContent = 'finishing' }

  /** Shows a sound, and its words when they are known. */
  async transcribe(sound) {
    const chosen = choice()
    const waiting = make('p', { className: 'waiting' }, 'Transcribing…')
    this.#body.replaceChildren(this.#player.element, waiting)
    this.#meta.textContent = ''
    const start = performance.now()
    const loaded = this.#player.load(sound)
    try {
      const answer = await (await transcribe(sound, this.name, chosen, 'verbose_json')).json()
      const seconds = (performance.now() - start) / 1000
      await loaded
      this.#meta.textContent = `${time(answer.duration)} long, transcribed in ${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`
      this.#words.show(answer.words)
      this.#player.spell(answer.words.flatMap(word => word.characters))
      waiting.replaceWith(answer.words.length
        ? this.#words.element : make('p', { className: 'soft' }, 'No speech was recognised in it.'))
      this.#body.append(this.#downloads(sound, chosen, answer))
      find('news').textContent = `${this.name}: ${answer.text || 'no speech was recognised'}`
    } catch (error) {
      waiting.replaceWith(make('p', { className: 'fault', role: 'alert' }))
      tell(this.#body.querySelector('.fault'), error.message)
    }
    if (this.#player.element.classList.contains('mute')) {
      this.#body.prepend(make('p', { className: 'soft small' }, 'This browser cannot play the format of the file.'))
    }
  }

  #downloads(sound, chosen, answer) {
    const row = make('div', { className: 'row downloads' })
    const copy = make('button', { type: 'button' }, 'Copy text')
    copy.onclick = async () => {
      await navigator.clipboard?.writeText(answer.text)
      copy.textContent = 'Copied'
      setTimeout(() => { copy.textContent = 'Copy text' }, 1500)
    }
    if (navigator.clipboard) row.append(copy)
    for (const [label, format, ending] of [['TXT', 'text', 'txt'], ['SRT', 'srt', 'srt'], ['VTT', 'vtt', 'vtt'], ['JSON', 'verbose_json', 'json']]) {
      const button = make('button', { type: 'button', ariaLabel: `Download ${label}` }, label)
      button.onclick = async () => {
        button.disabled = true
        try {
          // The server writes each format as the tool does.
          save(await (await transcribe(sound, this.name, chosen, format)).blob(), `${this.name.replace(/\.[^.]*$/, '').replaceAll(':', '.')}.${ending}`)
        } catch (error) {
          tell(fault, error.message)
        }
        button.disabled = false
      }
      row.append(button)
    }
    row.append(make('p', { className: 'legend soft small' }, 'Shade: how unsure a word is ', make('span', { className: 'scale', ariaHidden: 'true' })))
    return row
  }
}

function save(blob, name) {
  const link = make('a', { href: URL.createObjectURL(blob), download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

async function take(files) {
  tell(fault, '')
  const results = [...files].map(file => ({ file, result: new Result(file.name) }))
  for (const { result } of results) result.wait(make('p', { className: 'waiting' }, 'Waiting…'), '')
  for (const { file, result } of results) if (result.element.isConnected) await result.transcribe(file)
}

find('files').onchange = event => {
  const files = [...event.target.files]
  event.target.value = ''
  take(files)
}

// A file that misses the field would else take the place of the page.
addEventListener('dragover', event => event.preventDefault())
addEventListener('drop', event => {
  event.preventDefault()
  drop.classList.remove('over')
  if (event.dataTransfer.files.length && !find('try').hidden) take(event.dataTransfer.files)
})
addEventListener('dragenter', event => { if (event.dataTransfer.types.includes('Files')) drop.classList.add('over') })
addEventListener('dragleave', event => { if (!event.relatedTarget) drop.classList.remove('over') })

const button = find('record')
let recording = null

async function begin() {
  tell(fault, '')
  const result = new Result(`Recording at ${new Date().toTimeString().slice(0, 5)}`)
  const said = make('span', { className: 'committed' })
  const open = make('span', { className: 'open' })
  const level = make('i')
  const live = make('div', { className: 'live' },
    make('div', { className: 'level', ariaHidden: 'true' }, level),
    make('p', { className: 'words', ariaLabel: 'Words so far' }, said, open))
  result.wait(live, 'Listening')
  try {
    recording = await record({
      ...choice(),
      onWords: (committed, uncommitted) => {
        said.textContent = committed
        open.textContent = uncommitted && committed ? ` ${uncommitted}` : uncommitted
      },
      onLevel: (value, seconds) => {
        level.style.transform = `scaleX(${Math.min(1, Math.sqrt(value) * 1.1).toFixed(3)})`
        result.wait(live, `${clock(seconds)}, listening`)
      },
      onEnd: () => end(result),
    })
  } catch (error) {
    result.element.remove()
    return tell(fault, error.message)
  }
  result.onRemove = () => end(null)
  button.classList.add('on')
  button.lastElementChild.textContent = 'Stop'
}

async function end(result) {
  const { finish } = recording ?? {}
  recording = null
  button.classList.remove('on')
  button.lastElementChild.textContent = 'Record'
  if (!finish) return
  try {
    result?.finishing()
    const { sound, problem } = await finish()
    if (problem) tell(fault, problem.message)
    if (!result) return
    if (sound) return await result.transcribe(sound)
    result.wait(make('p', { className: 'soft' }, 'The microphone gave no sound. Is it muted?'), '')
  } catch (error) {
    tell(fault, error.message)
  }
}

button.onclick = async () => {
  button.disabled = true
  if (recording) recording.stop()
  else await begin()
  button.disabled = false
}
if (!canRecord) {
  button.disabled = true
  button.title = 'To record, open this page over https or as localhost: browsers give no microphone to others. Files work here too.'
  find('drop-hint').textContent = button.title
}

/** Shows which models there are; what is chosen stays. */
async function showModels() {
  const { data } = await (await request('/v1/models')).json()
  const chosen = model.value
  model.replaceChildren(make('option', { value: '' }, `Default (${data[0].id})`), ...data.map(({ id }) => make('option', { value: id }, id)))
  model.value = data.some(({ id }) => id === chosen) ? chosen : ''
}

document.addEventListener('models', async event => {
  await showModels().catch(error => tell(fault, error.message))
  if (event.detail) model.value = event.detail
})

try {
  await showModels()
} catch (error) {
  tell(fault, error.message)
}
