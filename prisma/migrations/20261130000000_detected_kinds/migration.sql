-- What an object without text was found to be: a new version of the extractor reads those again whose kind it reads. Of
-- rows from before it is not known.
ALTER TABLE "object" ADD COLUMN "detected" TEXT;
