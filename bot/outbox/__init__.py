"""Messages that are never lost and never said twice.

A row is a message as it should stand on its platform: written with the state change that causes it, sent
afterwards by the pump, brought up to date when its body changes. Its key says what it is for, which occurrence
and to whom (`standup-prompt:812:web/bot-14`), and is unique: saying it again says nothing.
"""
