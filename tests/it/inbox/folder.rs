//! A folder of files, and documents.

use super::*;

#[tokio::test]
async fn files_are_read_by_name_and_each_from_where_it_was_left() {
    let mut desk = Desk::at("drop");
    fs::create_dir(desk.path("drop")).unwrap();
    assert!(desk.page().await.items.is_empty());
    desk.write("drop/b.jsonl", &line("2", "two"));
    desk.write("drop/a.json", "{\"id\": \"1\",\n \"title\": \"one\"}");
    desk.write("drop/c.json", "[{\"id\":\"3\",\"title\":\"three\"}, {\"id\":\"4\",\"title\":\"four\"}]");
    desk.write("drop/.hidden.json", "{");
    desk.write("drop/notes.txt", "{");
    let page = desk.page().await;
    assert_eq!((natives(&page), page.unmapped.len(), page.snapshot), (vec!["1", "2", "3", "4"], 0, false));
    assert!(desk.is_same().await);
    desk.append("drop/b.jsonl", &line("5", "five"));
    // Written elsewhere and renamed: whole at once.
    fs::write(desk.path("0.part"), line("6", "six")).unwrap();
    fs::rename(desk.path("0.part"), desk.path("drop/0.jsonl")).unwrap();
    assert_eq!(natives(&desk.page().await), ["6", "5"]);
    desk.restart("drop");
    assert!(desk.is_same().await);
    fs::remove_file(desk.path("drop/0.jsonl")).unwrap();
    assert!(desk.is_same().await, "a file that was taken away takes no job away");
}

#[tokio::test]
async fn what_is_wrong_in_a_document_has_its_line() {
    let mut desk = Desk::at("drop");
    fs::create_dir(desk.path("drop")).unwrap();
    desk.write("drop/a.json", "[\n {\"id\":\"1\",\"title\":\"one\"},\n {\"id\":\"2\"},\n 5\n]");
    desk.write("drop/b.json", "{\n \"id\": \"3\",\n \"title\" \"three\"\n}");
    desk.write("drop/c.jsonl", &line("4", "four"));
    let page = desk.page().await;
    assert_eq!(natives(&page), ["1", "4"]);
    let told: Vec<&str> = page.unmapped.iter().map(|told| told.as_str()).collect();
    assert_eq!(told[0], "a.json line 3: it has no title");
    assert!(told[1].starts_with("a.json line 4, column 1: a line holds one object"), "{told:?}");
    assert_eq!(told[2], "b.json line 3, column 10: a colon is missing here");
}

#[tokio::test]
async fn a_document_that_is_being_written_is_waited_for() {
    let mut desk = Desk::at("drop");
    fs::create_dir(desk.path("drop")).unwrap();
    desk.write("drop/a.json", "{\"id\":\"1\",\"tit");
    let page = desk.page().await;
    assert!(page.items.is_empty() && page.unmapped.is_empty(), "{:?}", page.unmapped);
    desk.append("drop/a.json", "le\":\"one\"}");
    assert_eq!(natives(&desk.page().await), ["1"]);
}

#[tokio::test]
async fn a_document_as_the_inbox_is_a_whole_list() {
    let mut desk = Desk::at("jobs.json");
    desk.write("jobs.json", "{\"jobs\": [{\"id\":\"1\",\"title\":\"one\"}, {\"id\":\"2\",\"title\":\"two\"}]}");
    let page = desk.page().await;
    assert_eq!((natives(&page), page.snapshot), (vec!["1", "2"], true));
    desk.replace("jobs.json", "[{\"id\":\"2\",\"title\":\"two\"}]");
    let page = desk.page().await;
    assert_eq!((page.items.len(), page.same[0].native(), page.snapshot), (0, "2", true));
    desk.replace("jobs.json", "[]");
    assert!(desk.page().await.snapshot);
}

#[tokio::test]
async fn very_many_files_are_read_once() {
    let mut desk = Desk::at("drop");
    fs::create_dir(desk.path("drop")).unwrap();
    for n in 0..4200 {
        desk.write(&format!("drop/{n:05}.json"), line(&n.to_string(), "t").trim());
    }
    let later = chrono::Utc::now() + chrono::TimeDelta::seconds(5);
    let mut read = 0;
    loop {
        let Outcome::Done(page) = desk.ask(later).await else { panic!("there was more") };
        read += page.items.len();
        if !page.more {
            break;
        }
    }
    assert_eq!(read, 4200);
    assert!(matches!(desk.ask(later).await, Outcome::Same));
    assert!(desk.cursor["files"].as_object().unwrap().len() <= 4096);
    desk.write("drop/new.json", &line("new", "t"));
    let Outcome::Done(page) = desk.ask(later).await else { panic!("a new one came") };
    assert_eq!(natives(&page), ["new"]);
}
