// What two readers from npm tell of an MP3, as JSON: node readers.mjs music-metadata|node-id3 FILE
import { parseFile } from "music-metadata"
import NodeID3 from "node-id3"

const date = (year, ddmm) => `${year}-${ddmm.slice(2)}-${ddmm.slice(0, 2)}`
const base64 = (bytes) => Buffer.from(bytes).toString("base64")
const ms = (seconds) => Math.round(seconds * 1000) // the nearest double of whole ms: nothing is lost

async function musicMetadata(path) {
    const { common, format, native, quality } = await parseFile(path)
    const value = (id) => native["ID3v2.3"].find((frame) => frame.id === id).value
    return {
        title: common.title,
        artist: common.artist,
        album: common.album,
        date: date(common.year, value("TDAT")),
        language: common.language,
        lyrics: [common.lyrics[0].language, common.lyrics[0].text],
        label: value("TXXX:AIGC"),
        cover: [common.picture[0].format, base64(common.picture[0].data)],
        chapters: format.chapters.map((c) => [c.title, ms(c.start), ms(c.end)]),
        complaints: quality.warnings.map((warning) => warning.message),
    }
}

function nodeId3(path) {
    const tag = NodeID3.read(path)
    const [contents] = tag.tableOfContents
    const named = (id) => tag.chapter.find((chapter) => chapter.elementID === id)
    return {
        title: tag.title,
        artist: tag.artist,
        album: tag.album,
        date: date(tag.year, tag.date),
        language: tag.language,
        lyrics: [tag.unsynchronisedLyrics.language, tag.unsynchronisedLyrics.text],
        label: tag.userDefinedText.find((text) => text.description === "AIGC").value,
        cover: [tag.image.mime, base64(tag.image.imageBuffer)],
        chapters: contents.elements
            .map(named)
            .map((c) => [c.tags.title, c.startTimeMs, c.endTimeMs]),
        complaints: [],
    }
}

const [reader, path] = process.argv.slice(2)
const told = reader === "node-id3" ? nodeId3(path) : await musicMetadata(path)
console.log(JSON.stringify(told))
