# One row of bench/statistics.ts in R: Rscript bench/statistics.R <row> <folder of columns> <seconds>
# Prints one line of JSON. The clock runs around the call alone; start-up and reading the columns do not count.
arguments <- commandArgs(TRUE)
row <- arguments[1]
folder <- arguments[2]
seconds <- as.numeric(arguments[3])
column <- function(name) {
  path <- file.path(folder, name)
  readBin(path, "double", n = file.size(path) / 8)
}
quiet <- function(expression) suppressWarnings(suppressMessages(expression))
if (row %in% c("km", "cox") && !quiet(require(survival))) {
  cat('{"missing":"survival"}\n')
  quit()
}
if (row == "wilcoxon-ties" && !quiet(require(exactRankTests))) {
  cat('{"missing":"exactRankTests"}\n')
  quit()
}
run <- switch(row,
  km = {
    time <- column("time"); event <- column("event"); group <- column("group")
    function() {
      curve <- survfit(Surv(time, event) ~ group)
      test <- survdiff(Surv(time, event) ~ group)
      c(curve$surv[curve$strata[1]], test$chisq)
    }
  },
  cox = {
    time <- column("time"); event <- column("event")
    a <- column("x1"); b <- column("x2"); c5 <- column("x3"); d <- column("x4"); e <- column("x5")
    function() as.numeric(coef(coxph(Surv(time, event) ~ a + b + c5 + d + e)))
  },
  wilcoxon = {
    x <- column("x"); y <- column("y")
    function() wilcox.test(x, y, exact = TRUE)$p.value
  },
  "wilcoxon-ties" = {
    x <- column("x"); y <- column("y")
    function() wilcox.exact(x, y, exact = TRUE)$p.value
  },
  fisher = {
    table <- matrix(column("table"), 5, 4, byrow = TRUE)
    function() fisher.test(table, workspace = 2e8)$p.value
  }
)
once <- function() {
  started <- proc.time()[["elapsed"]]
  values <<- run()
  proc.time()[["elapsed"]] - started
}
values <- NULL
first <- once()
# Calls shorter than the clock's millisecond are timed in batches.
batch <- if (first < 0.05) 20 else 1
times <- c()
begun <- proc.time()[["elapsed"]]
while (length(times) < 3 || proc.time()[["elapsed"]] - begun < seconds) {
  started <- proc.time()[["elapsed"]]
  for (i in seq_len(batch)) values <- run()
  times <- c(times, (proc.time()[["elapsed"]] - started) / batch)
  if (length(times) >= 3 && proc.time()[["elapsed"]] - begun > 10 * seconds) break
}
status <- tryCatch(readLines("/proc/self/status"), error = function(e) character())
line <- grep("^VmHWM", status, value = TRUE)
peak <- if (length(line) == 1) as.numeric(gsub("[^0-9]", "", line)) / 1024 else sum(gc()[, 6])
cat(sprintf('{"first":%.6f,"median":%.6f,"peak":%.1f,"values":[%s]}\n',
  first, median(times), peak, paste(sprintf("%.12g", values), collapse = ",")))
