// The page's tabs.
import { askForKey, find, key } from '/kit.js'
import '/try.js'

const tabs = [...document.querySelectorAll('[role=tab]')]

function choose(tab) {
  for (const other of tabs) {
    const isChosen = other === tab
    other.ariaSelected = String(isChosen)
    other.tabIndex = isChosen ? 0 : -1
    find(other.getAttribute('aria-controls')).hidden = !isChosen
  }
  history.replaceState(null, '', `#${tab.getAttribute('aria-controls')}`)
  document.dispatchEvent(new CustomEvent('tab', { detail: tab.getAttribute('aria-controls') }))
}

document.addEventListener('go', event => choose(find(`tab-${event.detail}`)))

for (const tab of tabs) {
  tab.onclick = () => choose(tab)
  tab.onkeydown = event => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (!step) return
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length]
    choose(next)
    next.focus()
  }
}

find('key-button').onclick = async () => {
  if (await askForKey('The key for this server')) location.reload()
}
find('key-button').hidden = !key()

const labels = document.body.dataset.label === 'yes'
if (labels) {
  await Promise.all(['/label.js', '/record.js', '/learn.js'].map(name => import(name)))
  find('tabs').hidden = false
  choose(tabs.find(tab => location.hash === `#${tab.getAttribute('aria-controls')}`) ?? tabs[0])
}
document.body.dataset.ready = 'yes'
