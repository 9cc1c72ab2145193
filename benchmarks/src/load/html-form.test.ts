import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formsOf } from './html-form.ts'

test('forms: reads action, method and named controls in order', () => {
  const [form] = formsOf(`<form action="/a?x=1&amp;y=2" METHOD='POST'>
    <input type="hidden" name="csrf" value="a&quot;&#43;&#x2f;"><input name=username required>
    <input type="checkbox" name="scope" value="read" checked/><input type="checkbox" name="scope" value="write">
    <button name="decision" value="allow">Allow</button><button>no name</button></form>`)
  assert.deepEqual(form, {
    action: '/a?x=1&y=2',
    method: 'post',
    controls: [
      { name: 'csrf', type: 'hidden', value: 'a"+/', checked: false },
      { name: 'username', type: 'text', value: '', checked: false },
      { name: 'scope', type: 'checkbox', value: 'read', checked: true },
      { name: 'scope', type: 'checkbox', value: 'write', checked: false },
      { name: 'decision', type: 'button', value: 'allow', checked: false },
    ],
  })
})

test('forms: keeps several forms apart; method get and no action are the defaults', () => {
  const forms = formsOf(
    '<form><input name="q"></form> <form method="post" action="/out"><input type=submit name=s></form>',
  )
  assert.deepEqual(
    forms.map((form) => [form.method, form.action, form.controls.length]),
    [
      ['get', '', 1],
      ['post', '/out', 1],
    ],
  )
})

test('forms: none on a page without forms', () => {
  assert.deepEqual(formsOf('<p>nothing</p>'), [])
})
