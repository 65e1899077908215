// Loaded before the web server: when the start command is gone, even by kill -9, so is its server.
// Workers of the server inherit the environment but not the channel, hence the check of the parent.
if (process.env.CASEBOOK_PARENT === String(process.ppid) && process.channel) {
  process.on('disconnect', () => process.exit(0))
  process.channel.unref()
}
