// The words of a transcript: shaded by doubt, lit while they are heard, played by a click.
import { doubt, make } from '/kit.js'

/** Words that can be walked through with the arrow keys, and heard. */
export class Words {
  element = make('p', { className: 'words', role: 'group', ariaLabel: 'Transcript; arrow keys move between words, Enter plays from one' })
  #words = []
  #spans = []
  #lit = -1

  /** `play(word)` hears a word; `mark(word)` shows where it is, null for none. */
  constructor(play, mark) {
    const wordOf = event => this.#words[this.#spans.indexOf(event.target)]
    this.element.onclick = event => { if (wordOf(event)) play(wordOf(event)) }
    this.element.onpointerover = event => mark(wordOf(event) ?? null)
    this.element.onpointerleave = () => mark(null)
    this.element.onfocusin = event => mark(wordOf(event) ?? null)
    this.element.onkeydown = event => {
      const index = this.#spans.indexOf(event.target)
      if (index < 0) return
      const to = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: this.#spans.length - 1 }[event.key]
      if (event.key === 'Enter' || event.key === ' ') play(this.#words[index])
      else if (to === undefined) return
      else this.#focus(Math.min(this.#spans.length - 1, Math.max(0, to)))
      event.preventDefault()
    }
  }

  show(words) {
    this.#words = words
    this.#lit = -1
    this.#spans = words.map((word, index) => {
      const span = make('span', {
        className: 'word', role: 'button', tabIndex: index ? -1 : 0,
        title: `${word.start.toFixed(2)} s, ${Math.round(word.probability * 100)} % sure`,
      }, word.word)
      span.style.setProperty('--doubt', doubt(word.probability).toFixed(3))
      return span
    })
    // A long pause begins a line.
    const gap = index => index === 0 ? '' : words[index].start - words[index - 1].end > 1.5 ? make('br') : ' '
    this.element.replaceChildren(...this.#spans.flatMap((span, index) => [gap(index), span]))
  }

  /** Lights the word at a time. */
  light(time, plays) {
    const found = plays ? this.#words.findLastIndex(word => word.start <= time) : -1
    const index = found >= 0 && time < this.#words[found].end + 0.15 ? found : -1
    if (index === this.#lit) return
    this.#spans[this.#lit]?.classList.remove('lit')
    this.#spans[index]?.classList.add('lit')
    this.#lit = index
  }

  #focus(index) {
    for (const span of this.#spans) span.tabIndex = -1
    this.#spans[index].tabIndex = 0
    this.#spans[index].focus()
  }
}
