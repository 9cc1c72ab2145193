/** Puts a button that copies beside every line. Without it a click on a line selects the whole of it. */
export const copyScript = `for (const line of document.querySelectorAll('.line')) {
  const code = line.querySelector('code')
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = 'Copy'
  button.setAttribute('aria-label', 'Copy: ' + line.dataset.title)
  const said = document.createElement('span')
  said.className = 'unseen'
  said.setAttribute('role', 'status')
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(code.textContent)
    button.textContent = said.textContent = 'Copied'
    setTimeout(() => {
      button.textContent = 'Copy'
      said.textContent = ''
    }, 2000)
  })
  line.querySelector('.tools').append(button, said)
}
`
