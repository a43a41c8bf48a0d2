# Reads a table as a statistician would, and prints a JSON array of text for each row: `Rscript tabular.R FORMAT FILE TYPES`.
# Numbers get 17 digits, which tell every double from every other.

arguments <- commandArgs(trailingOnly = TRUE)
file <- arguments[2]
csv_classes <- unname(c(
  string = "character", integer = "numeric", decimal = "numeric",
  boolean = "logical", date = "character", datetime = "character"
)[strsplit(arguments[3], ",")[[1]]])

table <- switch(arguments[1],
  csv = read.csv(file, colClasses = csv_classes, na.strings = "", check.names = FALSE, encoding = "UTF-8"),
  ndjson = jsonlite::stream_in(file(file), verbose = FALSE),
  `dataset-json` = {
    document <- jsonlite::fromJSON(file, simplifyVector = FALSE)
    stopifnot(length(document$rows) == document$records)
    columns <- lapply(seq_along(document$columns), function(index) {
      values <- lapply(document$rows, function(row) if (is.null(row[[index]])) NA else row[[index]])
      unlist(values)
    })
    names(columns) <- vapply(document$columns, function(column) column$name, "")
    as.data.frame(columns, check.names = FALSE)
  },
  xpt = as.data.frame(haven::read_xpt(file))
)

as_text <- function(column) {
  if (inherits(column, "Date")) {
    column <- as.POSIXlt(column)
    text <- sprintf("%04d-%02d-%02d", column$year + 1900L, column$mon + 1L, column$mday)
  } else if (inherits(column, "POSIXct")) {
    text <- sprintf("%.17g", round(as.numeric(column) * 1000))
  } else if (is.logical(column)) {
    text <- tolower(as.character(column))
  } else if (is.numeric(column)) {
    text <- sprintf("%.17g", column)
  } else {
    text <- as.character(column)
  }
  ifelse(is.na(column), NA, text)
}

cells <- lapply(table, as_text)
cat(jsonlite::toJSON(names(table)), "\n", sep = "")
for (index in seq_len(nrow(table))) {
  cat(jsonlite::toJSON(vapply(cells, function(cell) cell[index], ""), na = "null"), "\n", sep = "")
}
