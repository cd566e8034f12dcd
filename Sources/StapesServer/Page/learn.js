// The tab Learn: a training on the folder's labels, its curves, and what becomes of its model.
import { ask, find, make, request, tell } from '/kit.js'

const fault = find('learn-fault')
const percent = value => `${(value * 100).toFixed(1)} %`
let shown = null

const svg = (tag, attributes, ...children) => {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}

/** A chart of some lines over epochs: `[name, values]` each; the axis reaches to `least` at least. */
function chart(title, lines, count, format, least) {
  const [width, height, left, bottom] = [320, 150, 42, 18]
  const top = Math.max(...lines.flatMap(([, values]) => values.filter(Number.isFinite)), least) * 1.05
  const x = index => left + (count > 1 ? index / (count - 1) : 0) * (width - left - 6)
  const y = value => (height - bottom) * (1 - value / top) + 4
  const picture = svg('svg', { viewBox: `0 0 ${width} ${height + 6}`, role: 'img', 'aria-label': title })
  for (const share of [0, 0.5, 1]) {
    const value = top / 1.05 * share
    picture.append(svg('line', { class: 'grid', x1: left, x2: width, y1: y(value), y2: y(value) }),
      svg('text', { x: left - 6, y: y(value) + 4, 'text-anchor': 'end' }, format(value)))
  }
  picture.append(svg('text', { x: left, y: height + 4 }, '1'), svg('text', { x: width - 6, y: height + 4, 'text-anchor': 'end' }, `epoch ${count}`))
  const caption = make('figcaption', {}, title)
  lines.forEach(([name, values], index) => {
    const kind = index ? ' second' : ''
    const points = values.map((value, at) => [x(at), y(value)])
    picture.append(svg('polyline', { class: `line${kind}`, points: points.map(point => point.map(part => part.toFixed(1)).join(',')).join(' ') }))
    const end = points.at(-1)
    if (end) picture.append(svg('circle', { class: kind.trim(), cx: end[0], cy: end[1], r: 3 }))
    caption.append(make('i', { className: kind.trim(), ariaHidden: 'true' }), `${name}${values.length ? ` ${format(values.at(-1))}` : ''}`)
  })
  return make('figure', {}, picture, caption)
}

function showCurves(events) {
  const epochs = events.filter(({ event }) => event === 'epoch')
  const count = events.find(({ event }) => event === 'start')?.epochCount ?? epochs.length
  find('learn-curves').hidden = !epochs.length
  if (!epochs.length) return
  const short = value => value < 10 ? value.toFixed(2) : value.toFixed(0)
  find('learn-curves').replaceChildren(
    chart('Loss:', [['training', epochs.map(epoch => epoch.loss)], ['validation', epochs.map(epoch => epoch.validationLoss)]], count, short, 0.1),
    chart('Errors in validation:', [['words', epochs.map(epoch => epoch.wordErrorRate)], ['letters', epochs.map(epoch => epoch.characterErrorRate)]], count, value => `${Math.round(value * 100)} %`, 0.1))
}

const row = (name, { wer, cer }) => make('tr', {}, make('th', { scope: 'row' }, name),
  make('td', {}, percent(wer.value)), make('td', {}, `${percent(wer.lower)} to ${percent(wer.upper)}`), make('td', {}, percent(cer.value)))

function notes({ state, facts, labelled, fewest, canTrain, problem }, events) {
  if (!canTrain) return 'The program stapes is not beside the server, so that nothing can be trained here.'
  if (state === 'training') {
    const epochs = events.filter(({ event }) => event === 'epoch').length
    const count = events.find(({ event }) => event === 'start')?.epochCount
    const place = count ? `${epochs} of ${count} epochs done` : 'reading the clips'
    return `${facts?.name ?? 'A model'} learns from ${facts?.clipCount ?? 0} clips: ${place}.`
  }
  if (state === 'measuring') return `Measuring on the ${facts.heldOutCount} clips that were held out…`
  if (state === 'failed') return `The training failed: ${problem}`
  if (state === 'done') return 'A new model waits below: try it, and keep or drop it.'
  return labelled < fewest
    ? `${labelled} clips are labelled; from ${fewest} on a model can learn from them.`
    : `${labelled} clips are labelled. One in six is held out, to measure what was learnt.`
}

function show({ report, events }) {
  const { state, facts, labelled, fewest, canTrain } = report
  const works = state === 'training' || state === 'measuring'
  find('learn-note').textContent = notes(report, events)
  find('learn-start').disabled = works || state === 'done' || labelled < fewest || !canTrain
  find('learn-model').disabled = find('learn-epochs').disabled = works
  find('learn-cancel').hidden = !works
  showCurves(events)
  find('learnt').hidden = state !== 'done'
  if (state === 'done') {
    const { before, after, name, origin, heldOutCount } = facts
    const isLess = after.wer.value < before.wer.value
    find('learnt-title').textContent = `${name}: ${isLess ? 'fewer' : 'not fewer'} errors than ${origin}`
    find('learnt-rates').replaceChildren(row(origin, before), row(name, after))
    find('learnt-note').textContent = `On ${heldOutCount} clips that were not learnt from. What the model recognised elsewhere it may now recognise less well: try that too.`
  }
  if (shown !== null && shown !== state) {
    if (state === 'done' || shown === 'done' || state === 'idle') models()
  }
  shown = state
}

/** Lists the models anew here and elsewhere; one is chosen to be tried. */
async function models(tried) {
  document.dispatchEvent(new CustomEvent('models', { detail: tried }))
  const { data } = await ask('/v1/models')
  const select = find('learn-model')
  const chosen = select.value
  select.replaceChildren(...data.map(({ id }) => make('option', { value: id }, id)))
  select.value = data.some(({ id }) => id === chosen) ? chosen : data[0].id
}

async function attempt(work) {
  tell(fault, '')
  try {
    await work()
  } catch (error) {
    tell(fault, error.message)
  }
}

find('learn-start').onclick = () => attempt(async () => show(await ask('/learn', {
  model: find('learn-model').value, epochs: Number.parseInt(find('learn-epochs').value, 10) || 0,
})))
find('learn-cancel').onclick = () => attempt(async () => show(await ask('/learn/cancel', {})))
find('learnt-drop').onclick = () => attempt(async () => show(await ask('/learn/drop', {})))
find('learnt-keep').onclick = () => attempt(async () => {
  const { file } = await ask('/learn/keep', {})
  show(await ask('/learn'))
  find('learn-note').textContent = `Kept as ${file} in the folder.`
})
find('learnt-try').onclick = async () => {
  await models(find('learnt-rates').lastElementChild.firstElementChild.textContent)
  document.dispatchEvent(new CustomEvent('go', { detail: 'try' }))
}

let reading = null

/** Reads the server's events as long as the tab is open. */
async function listen() {
  const stop = new AbortController()
  reading = stop
  while (!stop.signal.aborted) {
    try {
      const { body } = await request('/learn/events', { signal: stop.signal })
      const reader = body.pipeThrough(new TextDecoderStream()).getReader()
      let text = ''
      for (;;) {
        const { done, value } = await reader.read()
        if (done) break
        const events = (text + value).split('\n\n')
        text = events.pop()
        const last = events.findLast(event => event.startsWith('data: '))
        if (last) {
          tell(fault, '')
          show(JSON.parse(last.slice(6)))
        }
      }
    } catch (error) {
      if (error.name !== 'AbortError') tell(fault, error.message)
    }
    if (!stop.signal.aborted) await new Promise(resolve => setTimeout(resolve, 1500))
  }
}

document.addEventListener('tab', event => {
  if (event.detail !== 'learn') {
    reading?.abort()
    reading = null
  } else if (!reading) {
    models().catch(error => tell(fault, error.message))
    listen()
  }
})
