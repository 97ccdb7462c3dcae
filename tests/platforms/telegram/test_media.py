"""Pictures and documents, both ways."""

import asyncio

import telegram as ptb

from tests.platforms.telegram.scene import keyboard, png, refused, talking


def test_people_edit_and_send_files() -> None:
    async def scene() -> None:
        async with talking() as (telegram, bot, ann):
            mine = telegram.say(ann, ann, "3 calls")
            telegram.edit(ann, ann, mine.message_id, "4 calls")
            telegram.send_document(ann, ann, "roster.csv", b"a,b", "the roster", mime="text/csv")
            telegram.send_photo(ann, ann, png(), "look")
            edited, document, photo = (u for u in (await bot.get_updates())[-3:])
            assert edited.edited_message is not None
            assert edited.edited_message.text == "4 calls"
            assert edited.edited_message.edit_date is not None
            assert document.message is not None
            assert document.message.document is not None
            assert (document.message.caption, document.message.document.file_name) == ("the roster", "roster.csv")
            file = await document.message.document.get_file()
            assert bytes(await file.download_as_bytearray()) == b"a,b"
            assert photo.message is not None
            assert (photo.message.photo[-1].width, photo.message.photo[-1].height) == (4, 3)
            assert await refused(telegram, bot.get_file("nothing")) == "Bad Request: invalid file_id"

    asyncio.run(scene())


def test_pictures_and_documents_of_the_bot() -> None:
    async def scene() -> None:
        async with talking() as (telegram, bot, ann):
            sent = await bot.send_photo(1001, png(), caption="<i>chart</i>", parse_mode="HTML")
            await bot.send_document(1001, b"a,b", filename="board.csv", reply_markup=keyboard("Thanks"))
            photo, document = telegram.said(ann)
            assert (photo.text, photo.media) == ("chart", png())
            assert (document.media, document.labels) == (b"a,b", ["Thanks"])
            assert document.file is not None
            assert document.file.name == "board.csv"
            await bot.send_photo(1001, sent.photo[-1].file_id)
            assert telegram.last(ann).media == png()
            media = [ptb.InputMediaPhoto(png(), caption="both"), ptb.InputMediaPhoto(png(5))]
            album = await bot.send_media_group(1001, media)
            assert [m.media_group_id for m in album] == [album[0].media_group_id] * 2
            assert [m.caption for m in album] == ["both", None]
            assert await refused(telegram, bot.send_photo(1001, b"no picture")) == "Bad Request: IMAGE_PROCESS_FAILED"
            assert (
                await refused(telegram, bot.send_photo(1001, png(9000, 2000)))
                == "Bad Request: PHOTO_INVALID_DIMENSIONS"
            )
            assert (
                await refused(telegram, bot.send_photo(1001, png(), caption="x" * 1025))
                == "Bad Request: message caption is too long"
            )
            await bot.edit_message_caption(1001, sent.message_id, caption="better")
            await bot.edit_message_media(ptb.InputMediaPhoto(png(6), caption="newer"), 1001, sent.message_id)
            assert (photo.text, photo.media) == ("newer", png(6))
            assert "no text in the message" in await refused(
                telegram, bot.edit_message_text("x", 1001, sent.message_id)
            )

    asyncio.run(scene())
