// What two readers from npm tell of a feed, as JSON: node feed_readers.mjs podcast-partytime|feedsmith FILE
import { readFileSync } from "node:fs"

const [reader, path] = process.argv.slice(2)
const xml = readFileSync(path, "utf8")
const readers = {
    "podcast-partytime": async () => (await import("podcast-partytime")).default.parseFeed(xml),
    feedsmith: async () => (await import("feedsmith")).parseRssFeed(xml),
}
process.stdout.write(JSON.stringify(await readers[reader]()))
