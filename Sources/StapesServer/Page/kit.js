// What all parts of the page use: elements, words of time, and the talk with the server.

/** Makes an element with properties and children. */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties)
  element.append(...children)
  return element
}

/** The element of an identifier. */
export const find = id => document.getElementById(id)

/** Seconds as minutes and seconds, and hours where there are some. */
export function clock(seconds) {
  const whole = Math.floor(seconds)
  const two = number => String(number).padStart(2, '0')
  const minutes = Math.floor(whole / 60)
  return minutes < 60 ? `${minutes}:${two(whole % 60)}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`
}

/** A length of sound in words. */
export const time = seconds => seconds < 60 ? `${seconds.toFixed(1)} s` : clock(seconds)

/** Tells what went wrong in a place for it; nothing takes it away. */
export function tell(place, sentence) {
  place.hidden = !sentence
  place.textContent = sentence ? sentence.charAt(0).toUpperCase() + sentence.slice(1) : ''
}

/** What the server refused, in its own words. */
export class Refusal extends Error {
  constructor(status, message) {
    super(message)
    this.status = status
  }
}

const store = sessionStorage
export const key = () => store.getItem('key') ?? ''

/** Asks the user for a key, under a title; whether one was given. */
export function askForKey(title = key() ? 'The key was not accepted' : 'This server wants a key') {
  const dialog = find('key')
  find('key-title').textContent = title
  find('key-cancel').onclick = () => dialog.close()
  find('key-field').value = key()
  dialog.returnValue = ''
  if (!dialog.open) dialog.showModal()
  return new Promise(resolve => {
    dialog.addEventListener('close', () => {
      if (dialog.returnValue === 'use') store.setItem('key', find('key-field').value.trim())
      resolve(dialog.returnValue === 'use')
    }, { once: true })
  })
}

/** Sends a request, with the key where there is one; throws `Refusal`. */
export async function request(path, options = {}) {
  const headers = { ...options.headers }
  if (key()) headers.Authorization = `Bearer ${key()}`
  let response
  try {
    response = await fetch(path, { ...options, headers })
  } catch (error) {
    if (error.name === 'AbortError') throw error
    throw new Refusal(0, 'the server does not answer; see whether it still runs')
  }
  if (response.ok) return response
  if (response.status === 401) {
    find('key-button').hidden = false
    const sent = headers.Authorization
    // Another request may have brought a new key meanwhile.
    if (key() && sent !== `Bearer ${key()}` || await askForKey()) return request(path, options)
  }
  const text = await response.text()
  let message = text || response.statusText
  try {
    message = JSON.parse(text).error.message
  } catch { /* It is no answer of this server, but says something all the same. */ }
  throw new Refusal(response.status, message)
}

/** Asks for JSON, also by sending some. */
export async function ask(path, body) {
  const options = body === undefined ? {} : {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  }
  return (await request(path, options)).json()
}

/** A colour's strength for a word of this probability: 0 for a sure one, to 1. */
export const doubt = probability => Math.min(1, Math.max(0, (0.9 - probability) / 0.7))
